package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.verify.system.RawHttp.Answer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM under load: what was begun is answered, then the process ends with 0. */
class DrainTest {

    private static final String INFER = "/v2/models/adding/infer";
    private static final int CALLERS = 4;
    private static final int WARM = 20;

    @TempDir
    private Path folder;

    private final AtomicBoolean terminated = new AtomicBoolean();
    private final CountDownLatch warm = new CountDownLatch(2 * CALLERS * WARM);
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    @Test
    void everyRequestThatWasBegunIsAnswered() throws Exception {
        Path model = Adding.write(folder.resolve("adding.onnx"), 1);
        try (SeparateServer server = SeparateServer.start(folder.resolve("home"), model.toString());
                RawHttp halfHead = new RawHttp(server.port());
                RawHttp secondHalfHead = new RawHttp(server.port());
                RawHttp halfBody = new RawHttp(server.port());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            String whole = RawHttp.request("POST", INFER, Adding.request(3));
            halfHead.send(whole.substring(0, 20));
            secondHalfHead.send(whole);
            assertThat(secondHalfHead.answer()).get().extracting(Answer::status).isEqualTo(200);
            secondHalfHead.send(whole.substring(0, 20));
            halfBody.send(whole.substring(0, whole.length() - 10));
            List<Future<?>> load = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                load.add(callers.submit(() -> callOverHttp(server.port())));
                load.add(callers.submit(() -> callOverGrpc(server.port())));
            }
            assertThat(warm.await(1, TimeUnit.MINUTES)).isTrue();

            terminated.set(true);
            server.terminate();
            untilNotReady(server.port());
            assertAnswered(halfHead.send(whole.substring(20)));
            assertAnswered(secondHalfHead.send(whole.substring(20)));
            assertAnswered(halfBody.send(whole.substring(whole.length() - 10)));

            for (Future<?> one : load) {
                one.get(1, TimeUnit.MINUTES);
            }
            assertThat(lost).isEmpty();
            assertThat(server.exit()).isZero();
        }
    }

    @Test
    void aClientThatNeverEndsItsRequestDoesNotKeepTheProcess() throws Exception {
        Path model = Adding.write(folder.resolve("adding.onnx"), 1);
        try (SeparateServer server = SeparateServer.start(folder.resolve("home"), model.toString());
                RawHttp silent = new RawHttp(server.port());
                RawHttp idle = new RawHttp(server.port())) {
            assertThat(idle.exchange("POST", INFER, Adding.request(1)).status()).isEqualTo(200);

            server.terminate();

            assertThat(server.exit()).isZero();
            assertThat(idle.answer()).isEmpty();
            assertThat(silent.answer()).isEmpty();
        }
    }

    @Test
    void aServerThatIsToldToEndWhileItDeploysJustEnds() throws Exception {
        Path home = folder.resolve("home");
        try (SeparateServer server = SeparateServer.launch(List.of(), List.of(), home, manyModels())) {
            untilRecorded(server, home);
            assertJustEnds(server);
        }
    }

    @Test
    void aServerThatIsToldToEndBeforeItListensJustEnds() throws Exception {
        Path home = folder.resolve("home");
        try (SeparateServer server = SeparateServer.launch(List.of(), List.of(), home)) {
            while (!Files.exists(home.resolve("registry.db")) && server.alive()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertJustEnds(server);
        }
        assertThat(home.resolve("server.json")).doesNotExist();
    }

    @Test
    void aServerThatIsToldToEndWhileItBringsItsModelsBackJustEnds() throws Exception {
        Path home = folder.resolve("home");
        try (SeparateServer server = SeparateServer.start(home, manyModels())) {
            assertJustEnds(server);
        }
        try (SeparateServer server = SeparateServer.launch(List.of(), List.of(), home)) {
            untilRecorded(server, home);
            assertJustEnds(server);
        }
        try (SeparateServer server = SeparateServer.launch(List.of(), List.of(), home)) {
            untilRecorded(server, home);
            String record = Files.readString(home.resolve("server.json"));
            int port = URI.create(new ObjectMapper().readTree(record).get("url").asText())
                    .getPort();
            for (int status = 0; status != 200 && server.alive(); ) {
                try (RawHttp connection = new RawHttp(port)) {
                    status = connection
                            .exchange("POST", "/v2/models/adding-0/infer", Adding.request(3))
                            .status();
                }
            }
            assertJustEnds(server);
        }
    }

    private String manyModels() throws IOException {
        Path models = Files.createDirectory(folder.resolve("models"));
        for (int i = 0; i < 60; i++) {
            Adding.write(models.resolve("adding-" + i + ".onnx"), i);
        }
        return models.toString();
    }

    private static void untilRecorded(SeparateServer server, Path home) {
        while (!Files.exists(home.resolve("server.json")) && server.alive()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void assertJustEnds(SeparateServer server) throws InterruptedException {
        server.terminate();
        assertThat(server.exit()).as(server.said()).isZero();
        assertThat(server.saidAll())
                .doesNotContain("did not stop cleanly")
                .doesNotContain("unexpected error")
                .doesNotContain("Exception");
    }

    private static void assertAnswered(RawHttp connection) throws IOException {
        Optional<Answer> answer = connection.answer();
        assertThat(answer).isPresent();
        assertThat(answer.get().status()).isEqualTo(200);
        assertThat(Adding.added(answer.get().json(), 3)).isEqualTo(1);
        assertThat(answer.get().last()).isTrue();
    }

    private static void untilNotReady(int port) throws IOException {
        for (int status = 200; status == 200; ) {
            try (RawHttp connection = new RawHttp(port)) {
                connection.send(RawHttp.request("GET", "/health/ready", ""));
                status = connection.answer().map(Answer::status).orElse(503);
            } catch (ConnectException e) {
                status = 503;
            }
        }
    }

    private void warmed(int call) {
        if (call < WARM) {
            warm.countDown();
        }
    }

    /** Calls until the server takes no more connections. What was sent before the end was asked for must be answered. */
    private @Nullable Void callOverHttp(int port) throws IOException {
        for (int i = 0; ; ) {
            try (RawHttp connection = new RawHttp(port)) {
                for (boolean last = false; !last; i++) {
                    boolean before = !terminated.get();
                    connection.send(RawHttp.request("POST", INFER, Adding.request(i)));
                    before &= !terminated.get();
                    Optional<Answer> answer = connection.answer();
                    if (answer.isEmpty()) {
                        if (before) {
                            lost.add("HTTP request " + i + " was sent before the end and not answered");
                        }
                        break;
                    }
                    if (answer.get().status() != 200
                            || Adding.added(answer.get().json(), i) != 1) {
                        lost.add("HTTP request " + i + ": " + answer.get());
                    }
                    warmed(i);
                    last = answer.get().last();
                }
            } catch (IOException e) {
                if (terminated.get() && !(e instanceof EOFException)) {
                    return null;
                }
                throw e;
            }
        }
    }

    /** The same; a call counts as sent when its message has been given to the transport. */
    private @Nullable Void callOverGrpc(int port) {
        AtomicBoolean before = new AtomicBoolean();
        try (V2Client client = new V2Client(port)) {
            var stub = client.stub().withInterceptors(whenSent(() -> before.set(!terminated.get())));
            for (int i = 0; ; i++) {
                before.set(false);
                try {
                    var answer = stub.modelInfer(V2Client.floatRequest("adding", "x", "y", new long[] {1, 2}, i, i));
                    float[] y = V2Client.floats(answer.getRawOutputContents(0).toByteArray());
                    if (y[0] != i + 1 || y[1] != i + 1) {
                        lost.add("gRPC call " + i + ": " + y[0] + ", " + y[1]);
                    }
                    warmed(i);
                } catch (StatusRuntimeException e) {
                    if (before.get()) {
                        lost.add("gRPC call " + i + " was sent before the end: " + e.getStatus());
                    }
                    return null;
                }
            }
        }
    }

    private static ClientInterceptor whenSent(Runnable action) {
        return new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                return next.newCall(method, options.withStreamTracerFactory(new ClientStreamTracer.Factory() {
                    @Override
                    public ClientStreamTracer newClientStreamTracer(
                            ClientStreamTracer.StreamInfo info, Metadata headers) {
                        return new ClientStreamTracer() {
                            @Override
                            public void outboundMessageSent(int number, long wireSize, long plainSize) {
                                action.run();
                            }
                        };
                    }
                }));
            }
        };
    }
}
