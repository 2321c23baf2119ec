package dev.slipway.protocols.slipway;

import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A live server that speaks only Slipway's own interface, and the two examples. */
abstract class SlipwayServed {

    static final Path EXAMPLES = Path.of("..", "examples");

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    LiveServer server;

    @BeforeEach
    void start() {
        server = LiveServer.start(home, pool, new SlipwayDialect());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    void deploy(String example) {
        server.deploy(example, EXAMPLES.resolve(example));
    }

    Answered get(String path, String... headers) {
        return new Answered(server.get(path, headers));
    }

    Answered json(String path, String body) {
        return new Answered(server.post(path, body, "Content-Type", "application/json"));
    }

    Answered send(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path))
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofByteArray(body));
        return new Answered(server.send((headers.length == 0 ? request : request.headers(headers)).build()));
    }

    Answered send(String method, String path, String body, String... headers) {
        return send(method, path, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), headers);
    }
}
