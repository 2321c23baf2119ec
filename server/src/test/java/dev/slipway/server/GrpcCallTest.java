package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataSize;
import dev.slipway.server.Frames.Frame;
import dev.slipway.server.config.Limits;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.config.Timeouts;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A gRPC call is a request like any other: counted, limited, and ended when it takes too long. */
class GrpcCallTest {

    private static final String CHECK = "/grpc.health.v1.Health/Check";
    private static final String HELD = "slipway_body_bytes";
    private static final Duration SOON = Duration.ofMillis(400);
    private static final Limits SMALL = new Limits(
            new DataSize(1 << 20),
            new DataSize(4096),
            new DataSize(2 << 20),
            200,
            new DataSize(1 << 20),
            new DataSize(1 << 20),
            new DataSize(1 << 20),
            100,
            8);

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private final EchoDialect echo = new EchoDialect();
    private final int[] ended = new int[17];
    private LiveServer server;

    private void start(UnaryOperator<ServerConfig> configure) {
        server = LiveServer.start(home, pool, configure, echo);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Frames call(Frames frames, int stream, String path) throws IOException {
        return frames.headers(stream, false, "POST", path, "content-type", "application/grpc", "te", "trailers");
    }

    @Test
    void isCountedUnderTheVersionThatAnswers() throws IOException {
        start(UnaryOperator.identity());
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, "/test.Echo/Answer").data(1, true, Frames.message(0, new byte[0]));
            lastOf(frames);

            server.awaitMetric(
                    "slipway_request_seconds_count{code=\"0\",model=\"m\",route=\"/test.Echo/Answer\",version=\"3\"}",
                    1);
        }
    }

    private static String requests(String path, String code) {
        return "slipway_request_seconds_count{code=\"" + code + "\",model=\"\",route=\"" + path + "\",version=\"\"}";
    }

    @Test
    void isCountedUnderItsMethodAndItsOwnStatus() throws IOException {
        start(UnaryOperator.identity());
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, CHECK).data(1, true, Frames.message(0, new byte[0]));
            assertThat(lastOf(frames).payload()).contains("grpc-status");
            call(frames, 3, "/no.Such/Method").data(3, true, Frames.message(0, new byte[0]));
            lastOf(frames);

            server.awaitMetric(requests(CHECK, "0"), 1);
            server.awaitMetric(requests("none", "12"), 1);
        }
    }

    @Test
    void whatIsNoMessageIsAnsweredAtOnce() throws IOException {
        start(UnaryOperator.identity());
        refused("3", frames -> call(frames, 1, CHECK).data(1, true, new byte[] {0, 0}));
        refused("3", frames -> call(frames, 1, CHECK).data(1, true, Frames.message(9, new byte[2])));
        refused("3", frames -> call(frames, 1, CHECK).data(1, true, new byte[] {7, 0, 0, 0, 0}));
        refused("3", frames -> call(frames, 1, CHECK).data(1, true, new byte[] {1, 0, 0, 0, 1, 0}));
        refused("12", frames -> compressed(frames, "br").data(1, true, new byte[] {1, 0, 0, 0, 1, 0}));
        refused("3", frames -> compressed(frames, "gzip").data(1, true, new byte[] {1, 0, 0, 0, 1, 0}));
        refused("3", frames -> call(frames, 1, CHECK).data(1, true, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        refused("3", frames -> call(frames, 1, CHECK).data(1, true, new byte[0]));
        refused(
                "12",
                frames -> frames.headers(1, true, "GET", CHECK, "content-type", "application/grpc", "te", "trailers"));
    }

    private interface Sends {
        void send(Frames frames) throws IOException;
    }

    private void refused(String status, Sends call) throws IOException {
        try (Frames frames = new Frames(server.port())) {
            call.send(frames);
            assertThat(frames.next(Frames.HEADERS).last()).isTrue();
        }
        server.awaitMetric(requests(CHECK, status), ++ended[Integer.parseInt(status)]);
    }

    private static Frames compressed(Frames frames, String encoding) throws IOException {
        return frames.headers(
                1,
                false,
                "POST",
                CHECK,
                "content-type",
                "application/grpc",
                "te",
                "trailers",
                "grpc-encoding",
                encoding);
    }

    @Test
    void aClientThatTakesItsCallBackIsCounted() throws IOException {
        start(UnaryOperator.identity());
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, CHECK).reset(1);

            server.awaitMetric(requests(CHECK, "1"), 1);
        }
    }

    @Test
    void messagesCountAgainstTheBytesInFlightWhileTheyCome() throws IOException {
        start(config -> config.with(SMALL));
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, CHECK).data(1, false, Frames.message(5000, new byte[4000]));
            server.awaitMetric(HELD, 5000);
            frames.vanish();
            server.awaitMetric(HELD, 0);
        }
    }

    @Test
    void aMessageThatDoesNotFitIntoTheBytesInFlightIsRefused() throws IOException {
        start(config -> config.with(SMALL));
        int most = 1 << 20;
        try (Wire wire = new Wire(server.port());
                Frames frames = new Frames(server.port())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + most + "\r\n\r\n")
                    .send(new byte[most - 1]);
            server.awaitMetric(HELD, most);
            call(frames, 1, CHECK);

            assertThat(lastOf(frames).payload()).contains("grpc-status", "grpc-message");
            server.awaitMetric(requests(CHECK, "8"), 1);
            server.awaitMetric("slipway_rejected_total{reason=\"overloaded\"}", 1);
        }
    }

    @Test
    void aMessageThatDoesNotComeIsGivenUp() throws IOException {
        start(config -> config.with(new Timeouts(Duration.ofSeconds(30), SOON, SOON, SOON)));
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, CHECK).data(1, false, Frames.message(5000, new byte[10]));
            call(frames, 3, CHECK);

            lastOf(frames);
            lastOf(frames);
            server.awaitMetric(requests(CHECK, "4"), 2);
            server.awaitMetric(HELD, 0);
        }
    }

    @Test
    void aDeadlineThatHasPassedOrPassesEndsTheCall() throws IOException {
        start(UnaryOperator.identity());
        refused("4", frames -> timed(frames, "0n").data(1, true, Frames.message(0, new byte[0])));
        refused("4", frames -> timed(frames, "20m"));
        try (Frames frames = new Frames(server.port())) {
            timed(frames, "1H").data(1, true, Frames.message(0, new byte[0]));
            lastOf(frames);
            server.awaitMetric(requests(CHECK, "0"), 1);
        }
    }

    @Test
    void aTimeoutThatIsNoneIsRefused() throws IOException {
        start(UnaryOperator.identity());
        for (String timeout : new String[] {"", "5", "m", "-1S", "1.5S", "123456789S", "1s", "1 S"}) {
            refused("3", frames -> timed(frames, timeout));
        }
    }

    private static Frames timed(Frames frames, String timeout) throws IOException {
        return frames.headers(1, false, "POST", CHECK, "content-type", "application/grpc", "grpc-timeout", timeout);
    }

    @Test
    void whatIsNotGrpcAsItIsSpokenHereIsRefused() throws IOException {
        start(UnaryOperator.identity());
        try (Frames frames = new Frames(server.port())) {
            frames.headers(1, true, "POST", CHECK, "content-type", "application/grpc-web+proto");
            assertThat(lastOf(frames).payload()).contains("application/grpc-web+proto");
        }
        try (Wire wire = new Wire(server.port())) {
            wire.send("POST " + CHECK + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/grpc\r\n"
                    + "Content-Length: 0\r\n\r\n");
            assertThat(wire.head()).startsWith("HTTP/1.1 415 ");
        }
    }

    @Test
    void whoeverWatchesTheServersHealthIsToldItUntilTheyHaveEnough() throws IOException {
        start(UnaryOperator.identity());
        String watch = "/grpc.health.v1.Health/Watch";
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, watch).data(1, true, Frames.message(0, new byte[0]));
            assertThat(frames.next(Frames.DATA).payload()).isEqualTo("\0\0\0\0\2\10\1");
            frames.reset(1);
            server.awaitMetric(requests(watch, "1"), 1);
        }
    }

    @Test
    void whatIsDoneForAClientThatCancelsIsCancelled() throws Exception {
        start(UnaryOperator.identity());
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, "/test.Echo/Hold").data(1, true, Frames.message(0, new byte[0]));
            assertThat(echo.arrived.await(20, TimeUnit.SECONDS)).isTrue();
            frames.reset(1);
            assertThat(echo.gone.await(20, TimeUnit.SECONDS)).isTrue();
            server.awaitMetric(requests("/test.Echo/Hold", "1"), 1);
        }
    }

    @Test
    void aClientThatDoesNotReadItsStreamHoldsLittleAndIsGivenUp() throws Exception {
        start(config -> config.with(new Timeouts(Duration.ofSeconds(30), SOON, SOON, SOON)));
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, "/test.Echo/Flood").data(1, true, Frames.message(0, new byte[0]));
            assertThat(echo.gone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(echo.flooded.get()).isBetween(64L << 10, 1L << 20);
            server.awaitMetric("slipway_rejected_total{reason=\"slow-reader\"}", 1);
        }
    }

    @Test
    void whatAMessageLiesInIsGivenBackOnceWhetherItIsReadOrNot() throws Exception {
        start(UnaryOperator.identity());
        for (boolean cancelled : new boolean[] {true, false}) {
            try (Frames frames = new Frames(server.port())) {
                call(frames, 1, "/test.Echo/Flood").data(1, true, Frames.message(0, new byte[0]));
                frames.next(Frames.DATA);
                if (cancelled) {
                    frames.reset(1);
                    server.awaitMetric(requests("/test.Echo/Flood", "1"), 1);
                } else {
                    frames.vanish();
                }
            }
            server.awaitMetric("slipway_connections", 0);
            while (echo.takenBack.get() < echo.flooded.get()) {
                Thread.onSpinWait();
            }
            assertThat(echo.takenBack).hasValue(echo.flooded.get());
        }
    }

    private static Frame lastOf(Frames frames) throws IOException {
        Frame frame = frames.next();
        while (!frame.last()) {
            frame = frames.next();
        }
        return frame;
    }
}
