package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataSize;
import dev.slipway.server.config.Limits;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.config.Timeouts;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the server does with clients that are slow, greedy, gone or not who they should be. */
class PatienceTest {

    private static final Limits SMALL = new Limits(
            new DataSize(1 << 20),
            new DataSize(4096),
            new DataSize(2 << 20),
            200,
            new DataSize(1 << 20),
            new DataSize(1 << 20),
            new DataSize((1 << 20) + 1),
            100,
            8);

    private static final Duration SOON = Duration.ofMillis(400);

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private final EchoDialect dialect = new EchoDialect();
    private LiveServer server;

    private LiveServer start(UnaryOperator<ServerConfig> configure) {
        server = LiveServer.start(home, pool, configure, dialect);
        return server;
    }

    @AfterEach
    void stop() {
        dialect.held.complete("\"late\"");
        server.close();
    }

    private Wire wire() throws IOException {
        return new Wire(server.port());
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedFromItsHeaders() throws IOException {
        start(config -> config.with(SMALL));
        try (Wire wire = wire()) {
            assertThat(wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n")
                            .head())
                    .startsWith("HTTP/1.1 413 ")
                    .containsIgnoringCase("connection: close");
        }
    }

    @Test
    void aChunkedBodyThatGrowsTooLargeIsRefused() throws IOException {
        start(config -> config.with(SMALL));
        try (Wire wire = wire()) {
            wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk =
                    ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            for (int i = 0; i < 17; i++) {
                wire.send(chunk);
            }
            assertThat(wire.head()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void connectionsCountBeforeTheySayAnything() throws IOException {
        Limits two = new Limits(
                SMALL.body(),
                SMALL.header(),
                SMALL.decompressed(),
                SMALL.ratio(),
                SMALL.upload(),
                SMALL.answer(),
                SMALL.inFlight(),
                2,
                SMALL.streams());
        start(config -> config.with(two));
        String request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Wire silent = wire();
                Wire second = wire()) {
            assertThat(second.send(request).head()).startsWith("HTTP/1.1 200 ");
            try (Wire third = wire()) {
                assertThat(third.rest()).isIn("", " [reset]");
            }
            assertThat(silent.send(request).head()).startsWith("HTTP/1.1 200 ");
            silent.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(silent.rest()).contains("HTTP/1.1 200 ");
            assertThat(answerOfANewConnection(request)).startsWith("HTTP/1.1 200 ");
        }
    }

    /** The server learns on its own thread that a connection has gone, so the first tries may still be refused. */
    private String answerOfANewConnection(String request) throws IOException {
        String head = "";
        for (int tries = 0; tries < 1000 && head.isEmpty(); tries++) {
            try (Wire wire = wire()) {
                head = wire.send(request).head();
            } catch (java.net.SocketException e) {
                head = "";
            }
        }
        return head;
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws IOException {
        start(config -> config.with(SMALL));
        try (Wire wire = wire()) {
            assertThat(wire.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(5000) + "\r\n\r\n")
                            .head())
                    .startsWith("HTTP/1.1 431 ");
        }
        try (Wire wire = wire()) {
            assertThat(wire.send("this is no HTTP\r\n\r\n").head()).contains(" 400 Bad Request");
        }
    }

    @Test
    void aBodyIsOnlyAskedForWhenItIsWanted() throws IOException {
        start(config -> config.with(SMALL));
        try (Wire wire = wire()) {
            wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(wire.head()).startsWith("HTTP/1.1 100 ");
            assertThat(wire.send("ab").head()).startsWith("HTTP/1.1 200 ");
            assertThat(wire.body(2)).isEqualTo("ab");
        }
        try (Wire wire = wire()) {
            wire.send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(wire.head()).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        start(UnaryOperator.identity());
        try (Wire wire = wire()) {
            String post = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n";
            wire.send(post + "1" + post + "2" + post + "3");
            for (String expected : new String[] {"1", "2", "3"}) {
                assertThat(wire.head()).startsWith("HTTP/1.1 200 ");
                assertThat(wire.body(1)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aBodyThatDoesNotComeIsGivenUp() throws IOException {
        start(config -> config.with(new Timeouts(Duration.ofSeconds(30), SOON, SOON, SOON)));
        try (Wire wire = wire()) {
            wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(wire.rest()).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void headersThatDoNotComeAndQuietConnectionsAreGivenUp() throws IOException {
        start(config -> config.with(new Timeouts(SOON, SOON, SOON, SOON)));
        try (Wire silent = wire();
                Wire half = wire();
                Wire quiet = wire()) {
            half.send("GET /health/live HTTP/1.1\r\nHo");
            assertThat(quiet.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 200 ");
            assertThat(half.rest()).doesNotContain("200");
            assertThat(silent.rest()).isEmpty();
        }
    }

    @Test
    void aClientThatVanishesCancelsItsRequest() throws Exception {
        start(UnaryOperator.identity());
        try (Wire wire = wire()) {
            wire.send("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(dialect.arrived.await(10, TimeUnit.SECONDS)).isTrue();
            wire.vanish();
            assertThat(dialect.gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAnswerThatComesWhenItsClientHasGoneHoldsNoMemory() throws Exception {
        start(UnaryOperator.identity());
        try (Wire wire = wire()) {
            wire.send("GET /written HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(dialect.arrived.await(10, TimeUnit.SECONDS)).isTrue();
            wire.vanish();
            assertThat(dialect.gone.await(10, TimeUnit.SECONDS)).isTrue();
            dialect.held.complete("x".repeat(1_000_000));
            assertThat(dialect.written.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(server.metric("slipway_answer_bytes")).isZero();
    }

    @Test
    void aClientThatVanishesWithinItsBodyLeavesNothing() throws Exception {
        start(UnaryOperator.identity());
        try (Wire wire = wire()) {
            wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nabc");
            assertThat(dialect.arrived.await(10, TimeUnit.SECONDS)).isTrue();
            wire.vanish();
            assertThat(dialect.gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aReaderThatStopsIsCutAndItsMemoryGivenBack() throws Exception {
        start(config -> config.with(new Timeouts(Duration.ofSeconds(30), SOON, SOON, SOON)));
        try (Wire wire = wire()) {
            wire.send("GET /large/100000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(dialect.gone.await(15, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aForeignHostOrOriginIsRefused() throws IOException {
        start(UnaryOperator.identity());
        for (String host : new String[] {"evil.example", "evil.example:" + server.port(), "127.0.0.1.evil.example"}) {
            try (Wire wire = wire()) {
                assertThat(wire.send("GET /held HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                                .head())
                        .startsWith("HTTP/1.1 403 ");
            }
        }
        assertThat(server.get("/health/live", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(server.get("/health/live", "Origin", "http://127.0.0.1:" + server.port())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatWasBegunIsAnsweredWhenTheServerStops() throws Exception {
        start(UnaryOperator.identity());
        try (Wire wire = wire()) {
            wire.send("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(dialect.arrived.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> server.server().stop(Duration.ofSeconds(10)));
            while (server.server().info().ready()) {
                Thread.onSpinWait();
            }
            dialect.held.complete("\"in time\"");
            assertThat(wire.rest())
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\"in time\"")
                    .contains("close");
            stopped.get(10, TimeUnit.SECONDS);
        }
    }
}
