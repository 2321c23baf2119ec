package dev.slipway.verify.system;

import dev.slipway.verify.system.RawConnection.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Who deploys, promotes, rolls back, removes and changes settings while others ask. */
final class SoakReleases implements Callable<Void> {

    private static final int MOST_VERSIONS = 4;

    private final int port;
    private final SoakModel model;
    private final String tuned;
    private final SoakLedger ledger;
    private final RandomGenerator random;
    private final BooleanSupplier over;
    private final TreeSet<Long> versions = new TreeSet<>();
    private long serving = 1;
    private long next = 2;

    /**
     * Somebody who changes a server.
     *
     * @param model whose versions come and go; its first one is there
     * @param tuned the model whose settings change
     */
    SoakReleases(
            int port, SoakModel model, String tuned, SoakLedger ledger, RandomGenerator random, BooleanSupplier over) {
        this.port = port;
        this.model = model;
        this.tuned = tuned;
        this.ledger = ledger;
        this.random = random;
        this.over = over;
        versions.add(1L);
    }

    @Override
    public Void call() throws IOException, InterruptedException {
        for (ledger.awaitChange(); !over.getAsBoolean(); ledger.awaitChange()) {
            switch (random.nextInt(5)) {
                case 0, 1 -> deploy();
                case 2 -> serve(pick(), "PUT", "/aliases/stable", "version");
                case 3 -> serve(pick(), "POST", "/rollback", "to");
                default -> tune();
            }
            if (versions.size() > MOST_VERSIONS) {
                remove();
            }
        }
        return null;
    }

    private String path() {
        return "/api/v1/models/" + model.name();
    }

    private long pick() {
        return versions.stream()
                .skip(random.nextInt(versions.size()))
                .findFirst()
                .orElseThrow();
    }

    private void deploy() throws IOException {
        byte[] file = Adding.bytes((int) next);
        Answer answer = RawConnection.once(
                port,
                "POST",
                path() + "/versions?filename=" + model.name() + ".onnx",
                file,
                "Content-Type: application/octet-stream");
        if (done("deploy", answer, 201)) {
            versions.add(next);
            serving = next++;
        }
    }

    private void serve(long version, String method, String path, String member) throws IOException {
        byte[] body = ("{\"" + member + "\":\"" + version + "\"}").getBytes(StandardCharsets.UTF_8);
        if (done(path, RawConnection.once(port, method, path() + path, body, "Content-Type: application/json"), 200)) {
            serving = version;
        }
    }

    private void remove() throws IOException {
        long oldest = versions.stream()
                .filter(version -> version != serving)
                .findFirst()
                .orElseThrow();
        if (done("remove", RawConnection.once(port, "DELETE", path() + "/versions/" + oldest), 200, 204)) {
            versions.remove(oldest);
        }
    }

    private void tune() throws IOException {
        byte[] body =
                ("{\"batching\":{\"max_size\":" + (1 << random.nextInt(6)) + "}}").getBytes(StandardCharsets.UTF_8);
        Answer answer = RawConnection.once(
                port,
                "PATCH",
                "/api/v1/models/" + tuned + "/versions/1/settings",
                body,
                "Content-Type: application/json");
        boolean _ = done("settings", answer, 200);
    }

    /** Whether it has been done; that there was no room for it just now is no reason to complain. */
    private boolean done(String what, Answer answer, int... statuses) {
        ledger.count("change " + what + " " + answer.status());
        for (int status : statuses) {
            if (answer.status() == status) {
                return true;
            }
        }
        if (answer.status() != 503 && answer.status() != 507) {
            ledger.complain(what + ": " + answer.status() + " " + answer.text());
        }
        return false;
    }
}
