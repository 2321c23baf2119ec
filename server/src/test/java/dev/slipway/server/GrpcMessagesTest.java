package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataSize;
import dev.slipway.server.Frames.Frame;
import dev.slipway.server.config.Limits;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Messages of gRPC calls come whole, wherever their frames are cut and however they are compressed, or are refused. */
class GrpcMessagesTest {

    private static final String CHECK = "/grpc.health.v1.Health/Check";
    private static final String REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final Limits SMALL = new Limits(
            new DataSize(1 << 20),
            new DataSize(4096),
            new DataSize(2 << 20),
            200,
            new DataSize(1 << 20),
            new DataSize(1 << 20),
            new DataSize(4 << 20),
            100,
            8);

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private LiveServer server;

    @BeforeEach
    void start() {
        server = LiveServer.start(home, pool, config -> config.with(SMALL), new EchoDialect());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private interface Wrap {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] compressed(Wrap wrap, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = wrap.around(bytes)) {
            out.write(content);
        }
        byte[] message = Frames.message(bytes.size(), bytes.toByteArray());
        message[0] = 1;
        return message;
    }

    private static byte[] check(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build().toByteArray();
    }

    private static String anything(int length) {
        StringBuilder text = new StringBuilder(length);
        new Random(7).ints(length, 'a', 'z').forEach(c -> text.append((char) c));
        return text.toString();
    }

    private static Frames call(Frames frames, int stream, String path, String encoding) throws IOException {
        return frames.headers(
                stream,
                false,
                "POST",
                path,
                "content-type",
                "application/grpc",
                "te",
                "trailers",
                "grpc-encoding",
                encoding);
    }

    /** Sends bytes in frames that any server takes. */
    private static void send(Frames frames, int stream, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += 16 << 10) {
            byte[] piece = new byte[Math.min(16 << 10, bytes.length - at)];
            System.arraycopy(bytes, at, piece, 0, piece.length);
            frames.data(stream, at + piece.length == bytes.length, piece);
        }
    }

    private static String end(Frames frames, int stream) throws IOException {
        Frame frame = frames.next();
        while (!frame.last() || frame.stream() != stream) {
            frame = frames.next();
        }
        return frame.payload();
    }

    private String answer(String encoding, byte[] message) throws IOException {
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, CHECK, encoding);
            send(frames, 1, message);
            return end(frames, 1);
        }
    }

    @Test
    void mayComeByteByByte() throws IOException {
        byte[] content = check("nobody knows me");
        byte[] message = Frames.message(content.length, content);
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, CHECK, "identity");
            for (int i = 0; i < message.length; i++) {
                frames.data(1, false, new byte[0]).data(1, i == message.length - 1, new byte[] {message[i]});
            }
            assertThat(end(frames, 1)).contains("grpc-message", "nobody knows me");
        }
    }

    @Test
    void mayComeInFramesThatAreCutAnywhere() throws IOException {
        byte[] content = check("nobody knows me, " + anything(5_000));
        byte[] message = Frames.message(content.length, content);
        for (int piece : new int[] {1, 700, 1500}) {
            try (Frames frames = new Frames(server.port()).inPieces(piece)) {
                call(frames, 1, CHECK, "identity").data(1, true, message);
                assertThat(end(frames, 1)).contains("nobody knows me");
            }
        }
    }

    @Test
    void mayComeSeveralInAFrameThatEndsInTheMiddleOfOne() throws IOException {
        byte[] content =
                ServerReflectionRequest.newBuilder().setListServices("").build().toByteArray();
        byte[] message = Frames.message(content.length, content);
        ByteBuffer all = ByteBuffer.allocate(3 * message.length);
        all.put(message).put(message).put(message);
        byte[] first = new byte[2 * message.length + 3];
        byte[] rest = new byte[message.length - 3];
        all.flip().get(first).get(rest);
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, REFLECTION, "identity").data(1, false, first).data(1, true, rest);
            StringBuilder answers = new StringBuilder();
            for (Frame frame = frames.next(); !frame.last(); frame = frames.next()) {
                answers.append(frame.payload());
            }
            assertThat(answers.toString().split("grpc.health.v1.Health", -1)).hasSize(1 + 3);
        }
    }

    /** The first is inflated beside the event loop, and what follows waits for it. */
    @Test
    void mayComeInAFrameWithOneThatTakesLonger() throws IOException {
        byte[] slow = compressed(GZIPOutputStream::new, file("slow-" + anything(7_500)));
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, REFLECTION, "gzip");
            for (int i = 0; i < 3; i++) {
                byte[] content = file("next-" + i + "-" + anything(200));
                byte[] next = Frames.message(content.length, content);
                ByteBuffer both = ByteBuffer.allocate(slow.length + next.length);
                frames.data(1, i == 2, both.put(slow).put(next).array());
            }
            StringBuilder answers = new StringBuilder();
            for (Frame frame = frames.next(); !frame.last(); frame = frames.next()) {
                answers.append(frame.payload());
            }
            for (int i = 0; i < 3; i++) {
                assertThat(answers).contains("next-" + i + "-" + anything(200));
            }
            assertThat(answers.toString().split("slow-", -1)).hasSizeGreaterThanOrEqualTo(1 + 3);
        }
    }

    private static byte[] file(String name) {
        return ServerReflectionRequest.newBuilder()
                .setFileByFilename(name)
                .build()
                .toByteArray();
    }

    @Test
    void mayBeCompressed() throws IOException {
        String little = "service-" + anything(20);
        String much = "service-" + anything(300_000);
        for (String service : new String[] {little, much}) {
            String begins = service.substring(0, 20);
            assertThat(answer("gzip", compressed(GZIPOutputStream::new, check(service))))
                    .contains(begins);
            assertThat(answer("deflate", compressed(DeflaterOutputStream::new, check(service))))
                    .contains(begins);
            assertThat(answer("GZip", compressed(GZIPOutputStream::new, check(service))))
                    .contains(begins);
        }
    }

    @Test
    void otherCallsGoOnWhileOneIsInflated() throws IOException {
        byte[] much = compressed(GZIPOutputStream::new, check("service-" + anything(900_000)));
        try (Frames frames = new Frames(server.port())) {
            call(frames, 1, CHECK, "gzip");
            send(frames, 1, much);
            call(frames, 3, CHECK, "gzip").data(3, true, Frames.message(0, new byte[0]));
            call(frames, 5, CHECK, "gzip");
            send(frames, 5, much);
            frames.reset(5);
            call(frames, 7, CHECK, "gzip").data(7, true, Frames.message(0, new byte[0]));
            end(frames, 7);
        }
        server.awaitMetric("slipway_body_bytes", 0);
    }

    @Test
    void areRefusedWhereNobodyKnowsHowToDecompressThem() throws IOException {
        byte[] message = compressed(GZIPOutputStream::new, check(""));
        assertThat(answer("br", message)).contains("grpc-accept-encoding", "identity, deflate, gzip", "'br'");
        assertThat(answer("deflate", message)).contains("cannot be decompressed");
    }

    @Test
    void areRefusedThatBecomeTooLarge() throws IOException {
        assertThat(answer("gzip", compressed(GZIPOutputStream::new, new byte[3 << 19])))
                .contains("more than 200 bytes come out of each byte");
        assertThat(answer(
                        "gzip",
                        compressed(
                                GZIPOutputStream::new,
                                check("a".repeat(1 << 20) + anything(50_000) + "a".repeat(1 << 20)))))
                .contains("decompressed message is larger than the 2097152 bytes");
        assertThat(answer("gzip", Frames.message((1 << 20) + 1, new byte[10])))
                .contains("message: 1048577 bytes given, at most 1048576 are allowed (limits.body)");
        server.awaitMetric("slipway_body_bytes", 0);
    }
}
