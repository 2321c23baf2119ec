package dev.slipway.verify.system;

import dev.slipway.verify.system.RawConnection.Answer;
import inference.GrpcService.ModelInferResponse;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Clients who do not behave: they vanish, stop reading, cancel, and send what is wrong. */
final class SoakMischief implements Callable<Void> {

    private static final int MOST_STALLED = 12;
    private static final int LITTLE = 4 << 10;

    private final int port;
    private final List<SoakModel> models;
    private final SoakLedger ledger;
    private final RandomGenerator random;
    private final BooleanSupplier over;
    private final Deque<RawHttp> stalled = new ArrayDeque<>();

    SoakMischief(int port, List<SoakModel> models, SoakLedger ledger, RandomGenerator random, BooleanSupplier over) {
        this.port = port;
        this.models = models;
        this.ledger = ledger;
        this.random = random;
        this.over = over;
    }

    @Override
    public Void call() throws IOException, InterruptedException {
        try (V2Client grpc = new V2Client(port)) { // its own: who cancels very often loses the connection
            misbehave(grpc);
        }
        while (!stalled.isEmpty()) {
            stalled.removeFirst().vanish();
        }
        return null;
    }

    private void misbehave(V2Client grpc) throws IOException, InterruptedException {
        for (ledger.awaitMischief(); !over.getAsBoolean(); ledger.awaitMischief()) {
            SoakModel model = models.get(random.nextInt(models.size()));
            switch (random.nextInt(6)) {
                case 0 -> vanishAfterAsking(model);
                case 1 -> vanishWhileAsking(model);
                case 2 -> stopReading(model);
                case 3 -> cancelOverGrpc(grpc, model);
                case 4 -> vanishTogether(model);
                default -> sendWhatIsWrong(model);
            }
        }
    }

    private String request(SoakModel model) {
        return RawHttp.request(
                "POST",
                "/v2/models/" + model.name() + "/infer",
                SoakCaller.head(model, model.values(random, 40), 0, false));
    }

    private void vanishAfterAsking(SoakModel model) throws IOException {
        try (RawHttp connection = new RawHttp(port)) {
            connection.send(request(model)).vanish();
        }
        ledger.count("mischief vanished after asking");
    }

    private void vanishWhileAsking(SoakModel model) throws IOException {
        byte[] request = request(model).getBytes(StandardCharsets.UTF_8);
        try (RawHttp connection = new RawHttp(port)) {
            connection
                    .send(Arrays.copyOf(request, 1 + random.nextInt(request.length - 1)))
                    .vanish();
        }
        ledger.count("mischief vanished while asking");
    }

    /** Several ask at once, so that they share runs, and half of them vanish; the others are answered. */
    private void vanishTogether(SoakModel model) throws IOException {
        Deque<RawHttp> stay = new ArrayDeque<>();
        Deque<RawHttp> go = new ArrayDeque<>();
        for (int i = 0; i < 8; i++) {
            RawHttp connection = new RawHttp(port);
            (i % 2 == 0 ? stay : go).add(connection);
        }
        String request = request(model);
        for (RawHttp connection : go) {
            connection.send(request);
        }
        for (RawHttp connection : stay) {
            long _ = ledger.ask();
            connection.send(request);
        }
        for (RawHttp connection : go) {
            connection.vanish();
        }
        for (RawHttp connection : stay) {
            int status = connection.answer().map(RawHttp.Answer::status).orElse(0);
            connection.close();
            ledger.answered("beside vanished " + status);
            if (status != 200 && status != 503) {
                ledger.complain("beside clients of " + model.name() + " that vanish: " + status);
            }
        }
    }

    /** Asks for more than it has room for, and reads nothing; later it vanishes. */
    private void stopReading(SoakModel model) throws IOException {
        RawHttp connection = new RawHttp(port, LITTLE);
        String request = request(model);
        for (int i = 0; i < 4; i++) {
            connection.send(request);
        }
        stalled.addLast(connection);
        if (stalled.size() > MOST_STALLED) {
            stalled.removeFirst().vanish();
        }
        ledger.count("mischief stopped reading");
    }

    private void cancelOverGrpc(V2Client grpc, SoakModel model) {
        float[] values = model.values(random, 40);
        long[] shape = {values.length / model.width(), model.width()};
        StreamObserver<ModelInferResponse> nobody = new StreamObserver<>() {
            @Override
            public void onNext(ModelInferResponse answer) {}

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {}
        };
        try (Context.CancellableContext call = Context.current().withCancellation()) {
            call.run(() ->
                    grpc.asyncStub().modelInfer(V2Client.floatRequest(model.name(), "x", "y", shape, values), nobody));
        }
        ledger.count("mischief cancelled over gRPC");
    }

    private void sendWhatIsWrong(SoakModel model) throws IOException {
        String right = SoakCaller.head(model, model.values(random, 40), 0, false);
        String path = "/v2/models/" + model.name() + "/infer";
        switch (random.nextInt(5)) {
            case 0 -> refused(path, right.substring(0, random.nextInt(right.length())), 400);
            case 1 -> refused(path, right.replace("\"data\":[", "\"data\":[1e9999,"), 400);
            case 2 -> refused(path, right.replace("\"shape\":[", "\"shape\":[7,"), 400);
            case 3 -> refused("/v2/models/nobody/infer", right, 404);
            default -> refused("/predict/iris", "[[1, 2, \"x\", 4]]", 422);
        }
    }

    private void refused(String path, String body, int status) throws IOException {
        long _ = ledger.ask();
        Answer answer = RawConnection.once(
                port, "POST", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type: application/json");
        ledger.answered("wrong " + answer.status());
        if (answer.status() != status) {
            ledger.complain(path + " with " + body + ": " + answer.status() + " " + answer.text());
        }
    }
}
