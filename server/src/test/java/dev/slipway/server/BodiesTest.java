package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataSize;
import dev.slipway.server.config.Limits;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What bodies hold while they come, and what stays of those that do not come whole. */
class BodiesTest {

    private static final String HELD = "slipway_body_bytes";
    private static final int MEGABYTE = 1 << 20;

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private final EchoDialect dialect = new EchoDialect();
    private final List<Wire> wires = new ArrayList<>();
    private LiveServer server;

    private void start(UnaryOperator<ServerConfig> configure) {
        server = LiveServer.start(home, pool, configure, dialect);
    }

    @AfterEach
    void stop() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
        server.close();
    }

    private Wire wire() throws IOException {
        Wire wire = new Wire(server.port());
        wires.add(wire);
        return wire;
    }

    private static String post(String path, long length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void whatIsDeclaredHoldsNothingUntilItComes() throws IOException {
        start(UnaryOperator.identity());
        for (int i = 0; i < 100; i++) {
            wire().send(post("/echo", 64 * MEGABYTE));
            wire().send(post("/echo", 64 * MEGABYTE) + "x");
        }

        server.awaitMetric(HELD, 100 * BodySlab.AT_ONCE);
        assertThat(server.post("/echo", "served").body()).asString().isEqualTo("served");
        for (Wire wire : wires) {
            wire.vanish();
        }
        server.awaitMetric(HELD, 0);
    }

    @Test
    void aSmallBodyHoldsJustWhatItDeclares() throws IOException {
        start(UnaryOperator.identity());
        wire().send(post("/echo", 1000) + "x");

        server.awaitMetric(HELD, 1000);
    }

    @Test
    void memoryGrowsWithTheBodyAndNeverBeyondIt() throws IOException {
        start(UnaryOperator.identity());
        byte[] body = new byte[4 * MEGABYTE];
        new Random(1).nextBytes(body);
        Wire wire = wire().send(post("/echo", 4 * MEGABYTE)).send(java.util.Arrays.copyOf(body, 100_000));
        server.awaitMetric(HELD, 32 * BodySlab.AT_ONCE);
        wire.send(java.util.Arrays.copyOfRange(body, 100_000, 3_000_000));
        server.awaitMetric(HELD, 4 * MEGABYTE);
        wire.send(java.util.Arrays.copyOfRange(body, 3_000_000, 4 * MEGABYTE));

        assertThat(wire.head()).startsWith("HTTP/1.1 200 ");
        assertThat(wire.body(4 * MEGABYTE).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo(body);
    }

    /** The second body begins to come while the first request is unanswered, the third while the second is read. */
    @Test
    void bodiesOfPipelinedRequestsComeWhole() throws IOException {
        start(UnaryOperator.identity());
        byte[] bodies = new byte[2 * 300_000];
        new Random(2).nextBytes(bodies);
        byte[] second = java.util.Arrays.copyOf(bodies, 300_000);
        byte[] third = java.util.Arrays.copyOfRange(bodies, 300_000, 600_000);
        Wire wire = wire().send("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n" + post("/echo", second.length));
        wire.send(second).send(post("/echo", third.length)).send(third);
        dialect.held.complete("first");

        assertThat(wire.head()).startsWith("HTTP/1.1 200 ");
        assertThat(wire.body("first".length())).isEqualTo("first");
        for (byte[] body : List.of(second, third)) {
            assertThat(wire.head()).startsWith("HTTP/1.1 200 ");
            assertThat(wire.body(body.length).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .isEqualTo(body);
        }
    }

    @Test
    void bodiesInFlightHaveABudgetTogether() throws IOException {
        Limits limits = Limits.DEFAULT;
        start(config -> config.with(new Limits(
                new DataSize(MEGABYTE),
                limits.header(),
                limits.decompressed(),
                limits.ratio(),
                limits.upload(),
                limits.answer(),
                new DataSize(MEGABYTE + 1),
                limits.connections(),
                limits.streams())));
        wire().send(post("/echo", MEGABYTE)).send(new byte[MEGABYTE - 1]);
        server.awaitMetric(HELD, MEGABYTE);

        assertThat(wire().send(post("/echo", 1000)).head()).startsWith("HTTP/1.1 503 ");
        server.awaitMetric("slipway_rejected_total{reason=\"overloaded\"}", 1);
    }

    @Test
    void nothingStaysOfAnUploadThatDoesNotComeWhole() throws Exception {
        start(UnaryOperator.identity());
        for (String begun : new String[] {"", "x"}) {
            Wire wire = wire().send(post("/upload", 1000) + begun);
            assertThat(dialect.uploading.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            wire.vanish();
            server.awaitMetric("slipway_connections", 0);
            untilEmpty(home.resolve("uploads"));
        }
    }

    /** Files are deleted beside the loops, so this waits for what is on its way. */
    private static void untilEmpty(Path folder) throws IOException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(10)) {
            try (var files = Files.list(folder)) {
                if (files.findAny().isEmpty()) {
                    return;
                }
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatAnEarlierProcessLeftOfUploadsIsRemoved() throws IOException {
        Path uploads = Files.createDirectories(home.resolve("uploads"));
        Files.writeString(uploads.resolve("blob-1.part"), "half");
        start(UnaryOperator.identity());

        assertThat(uploads).isEmptyDirectory();
    }
}
