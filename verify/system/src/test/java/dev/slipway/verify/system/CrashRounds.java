package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.verify.system.RawHttp.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A home whose server is killed again and again while it changes, and a ledger of what the server has acknowledged. After
 * each restart the two are compared: nothing acknowledged may be missing, and the one change that was under way at the
 * kill is there entirely or not at all.
 */
final class CrashRounds {

    private static final String MODEL = "/api/v1/models/adding";
    private static final int LONGEST_LIFE_MILLIS = 400;

    private final Path home;
    private final Random random;
    private final Map<Long, Integer> added = new TreeMap<>();
    private long serving;
    private int changes;
    private int next = 1;
    private @Nullable Pending pending;
    private int undone;
    private int done;

    /** The change that was sent and not yet acknowledged. */
    private record Pending(String action, int adds, long target) {}

    CrashRounds(Path home, long seed) {
        this.home = home;
        this.random = new Random(seed);
    }

    /** Changes that were under way at a kill and were there after it. */
    int done() {
        return done;
    }

    /** Changes that were under way at a kill and were not there after it. */
    int undone() {
        return undone;
    }

    /** Starts the server, compares, and kills it at some moment after its first change and while it goes on. */
    void round() throws Exception {
        try (SeparateServer server = SeparateServer.start(home);
                RawHttp connection = new RawHttp(server.port())) {
            compare(connection);
            change(connection);
            int life = random.nextInt(LONGEST_LIFE_MILLIS);
            CompletableFuture<Void> end = CompletableFuture.runAsync(
                    () -> kill(server), CompletableFuture.delayedExecutor(life, TimeUnit.MILLISECONDS));
            try {
                while (server.alive()) {
                    change(connection);
                }
            } catch (IOException e) {
                // the server was killed in the middle of a change
            }
            end.join();
        }
    }

    /** Starts the server once more and compares. */
    void last() throws Exception {
        try (SeparateServer server = SeparateServer.start(home);
                RawHttp connection = new RawHttp(server.port())) {
            compare(connection);
            server.terminate();
            assertThat(server.exit()).isZero();
        }
    }

    private static void kill(SeparateServer server) {
        try {
            server.kill();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private void change(RawHttp connection) throws IOException {
        switch (added.isEmpty() ? 0 : random.nextInt(4)) {
            case 0, 1 -> deploy(connection);
            case 2 -> promote(connection);
            default -> rollback(connection);
        }
    }

    private void deploy(RawHttp connection) throws IOException {
        int adds = next++;
        pending = new Pending("deploy", adds, 0);
        byte[] model = Adding.bytes(adds);
        connection.send(("POST " + MODEL + "/versions?filename=adding.onnx HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + "Content-Type: application/octet-stream\r\nContent-Length: " + model.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        Answer answer = acknowledged(connection.send(model).answer(), 201);
        added.put(answer.json().get("version").asLong(), adds);
        acknowledged(answer.json().get("version").asLong());
    }

    private void promote(RawHttp connection) throws IOException {
        Long[] versions = added.keySet().toArray(Long[]::new);
        long target = versions[random.nextInt(versions.length)];
        pending = new Pending("promote", 0, target);
        connection.send(RawHttp.request("PUT", MODEL + "/aliases/stable", "{\"version\":\"" + target + "\"}"));
        acknowledged(connection.answer(), 200);
        acknowledged(target);
    }

    private void rollback(RawHttp connection) throws IOException {
        Long[] versions = added.keySet().toArray(Long[]::new);
        long target = versions[random.nextInt(versions.length)];
        pending = new Pending("rollback", 0, target);
        connection.send(RawHttp.request("POST", MODEL + "/rollback", "{\"to\":\"" + target + "\"}"));
        acknowledged(connection.answer(), 200);
        acknowledged(target);
    }

    private static Answer acknowledged(Optional<Answer> answer, int status) throws IOException {
        Answer given = answer.orElseThrow(() -> new IOException("killed"));
        assertThat(given.status()).as(given.body()).isEqualTo(status);
        return given;
    }

    private void acknowledged(long version) {
        serving = version;
        changes++;
        pending = null;
    }

    private void compare(RawHttp connection) throws IOException {
        Answer model = connection.exchange("GET", MODEL, "");
        Pending open = pending;
        pending = null;
        if (model.status() == 404) {
            assertThat(changes)
                    .as("acknowledged changes of a model that is not there")
                    .isZero();
            return;
        }
        Answer history = connection.exchange("GET", MODEL + "/history?verify=true&limit=1", "");
        JsonNode chain = history.json().get("chain");
        assertThat(chain.get("intact").asBoolean()).as(history.body()).isTrue();
        int entries = chain.get("entries").asInt();
        if (open != null && entries == changes + 1) {
            assertThat(history.json().get("entries").get(0).get("action").asText())
                    .isEqualTo(open.action());
            changes++;
            done++;
            serving = open.target();
            if (open.action().equals("deploy")) {
                serving =
                        added.keySet().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
                added.put(serving, open.adds());
            }
        } else if (open != null) {
            undone++;
        }
        assertThat(entries).as("entries of the history").isEqualTo(changes);
        assertServes(connection);
    }

    private void assertServes(RawHttp connection) throws IOException {
        JsonNode listed =
                connection.exchange("GET", MODEL + "/versions?limit=1000", "").json();
        assertThat(listed.get("versions").findValuesAsText("version"))
                .containsExactlyInAnyOrderElementsOf(
                        added.keySet().stream().map(String::valueOf).toList());
        Answer answer = connection.exchange("POST", "/v2/models/adding/infer", Adding.request(7));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("model_version").asLong()).isEqualTo(serving);
        assertThat(Adding.added(answer.json(), 7)).isEqualTo(added.get(serving));
    }
}
