package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class Http2Test {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private final EchoDialect dialect = new EchoDialect();
    private LiveServer server;

    @BeforeEach
    void start() {
        server = LiveServer.start(home, pool, dialect);
    }

    @AfterEach
    void stop() {
        dialect.held.complete("\"late\"");
        server.close();
    }

    @Test
    void isReachedByUpgrade() throws Exception {
        byte[] body = new byte[2_000_000];
        new Random(2).nextBytes(body);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest first =
                    HttpRequest.newBuilder(server.uri("/health/live")).build();
            HttpRequest second = HttpRequest.newBuilder(server.uri("/echo"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();

            assertThat(client.send(first, HttpResponse.BodyHandlers.ofString()).version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(client.send(second, HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(body);
        }
    }

    @Test
    void isReachedByPriorKnowledge() throws Exception {
        try (Frames frames = new Frames(server.port())) {
            frames.headers(1, false, "POST", "/echo").data(1, true, new byte[] {'a', 'b'});

            assertThat(frames.next(Frames.DATA).payload()).isEqualTo("ab");
        }
    }

    @Test
    void aClientIsToldThatTheServerStopsAndGetsWhatItHasAskedFor() throws Exception {
        try (Frames frames = new Frames(server.port())) {
            CompletableFuture<Void> stopped = stopWhileHeld(frames);
            dialect.held.complete("\"in time\"");

            assertThat(frames.next(Frames.DATA).payload()).isEqualTo("\"in time\"");
            frames.rest();
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRequestThatCrossesTheWordThatTheServerStopsIsAnswered() throws Exception {
        try (Frames frames = new Frames(server.port())) {
            CompletableFuture<Void> stopped = stopWhileHeld(frames);
            frames.headers(3, false, "POST", "/echo").data(3, true, new byte[] {'a', 'b'});

            Frames.Frame answer = frames.next(Frames.DATA);
            assertThat(answer.stream()).isEqualTo(3);
            assertThat(answer.payload()).isEqualTo("ab");
            dialect.held.complete("\"in time\"");
            assertThat(frames.next(Frames.DATA).payload()).isEqualTo("\"in time\"");
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aStreamThatIsResetCancelsItsRequest() throws Exception {
        try (Frames frames = new Frames(server.port())) {
            frames.headers(1, true, "GET", "/held");
            assertThat(dialect.arrived.await(10, TimeUnit.SECONDS)).isTrue();
            frames.reset(1);

            assertThat(dialect.gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aStreamThatIsResetBeforeItsBodyHasComeIsNoDefect() throws Exception {
        try (Frames frames = new Frames(server.port())) {
            frames.headers(1, false, "POST", "/echo").data(1, false, new byte[] {'a'});
            frames.reset(1);
            frames.headers(3, false, "POST", "/echo").data(3, true, new byte[] {'b'});
            assertThat(frames.next(Frames.DATA).payload()).isEqualTo("b");
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest metrics = HttpRequest.newBuilder(server.uri("/metrics")).build();
            assertThat(client.send(metrics, HttpResponse.BodyHandlers.ofString())
                            .body()
                            .lines()
                            .filter(line -> line.startsWith("slipway_request_seconds_count")))
                    .anyMatch(line -> line.contains("code=\"499\""))
                    .noneMatch(line -> line.contains("code=\"500\""));
        }
    }

    @Test
    void aClientWhoseCallersOftenGiveUpIsServedOn() throws Exception {
        try (Frames frames = new Frames(server.port())) {
            for (int stream = 1; stream < 1_000; stream += 2) {
                frames.headers(stream, false, "POST", "/echo").reset(stream);
            }
            frames.headers(1_001, false, "POST", "/echo").data(1_001, true, new byte[] {'b'});
            assertThat(frames.next(Frames.DATA).payload()).isEqualTo("b");
        }
    }

    /** Begins a request that is held, and to stop the server; returns when the client has been told. */
    private CompletableFuture<Void> stopWhileHeld(Frames frames) throws Exception {
        frames.headers(1, true, "GET", "/held");
        assertThat(dialect.arrived.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> stopped =
                CompletableFuture.runAsync(() -> server.server().stop(Duration.ofSeconds(10)));
        frames.next(Frames.GOAWAY);
        return stopped;
    }
}
