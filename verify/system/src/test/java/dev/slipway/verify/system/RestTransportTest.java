package dev.slipway.verify.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** V2 requests however HTTP brings them: in chunks, compressed, one behind the other, over HTTP/2. */
class RestTransportTest {

    private static final String INFER = "/v2/models/iris/infer";
    private static final byte[] REQUEST = """
            {"inputs":[{"name":"features","datatype":"FP32","shape":[2,4],\
            "data":[[5.1,3.5,1.4,0.2],[6.7,3.1,5.6,2.4]]}]}""".getBytes(UTF_8);

    @TempDir
    static Path home;

    private static LocalServer server;
    private static String expected;

    @BeforeAll
    static void start() throws Exception {
        server = new LocalServer(home);
        server.deploy(Path.of("../../examples/iris"), "iris");
        RawConnection.Answer plain = RawConnection.once(server.port(), "POST", INFER, REQUEST);
        assertThat(plain.status()).as(plain.text()).isEqualTo(200);
        expected = plain.text();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsLeftLeased() {
        server.requireNoLiveLease();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1000})
    void aBodyMayComeInChunksOfAnySize(int size) throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            RawConnection.Answer answer =
                    connection.chunked(INFER, REQUEST, size).answer("POST");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo(expected);
        }
    }

    @Test
    void binaryTensorsMayComeInChunksOfOneByte() throws IOException {
        byte[] head = """
                {"inputs":[{"name":"features","datatype":"FP32","shape":[1,4],\
                "parameters":{"binary_data_size":16}}]}""".getBytes(UTF_8);
        byte[] body = ByteBuffer.allocate(head.length + 16)
                .put(head)
                .put(V2Client.littleEndian(new float[] {5.1f, 3.5f, 1.4f, 0.2f}))
                .array();
        String length = "Inference-Header-Content-Length: " + head.length;
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.request("POST", INFER, body, length);
            String whole = connection.answer("POST").text();
            connection.chunked(INFER, body, 1, length);
            RawConnection.Answer answer = connection.answer("POST");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo(whole).contains("\"shape\":[1,3]");
        }
    }

    private interface Wrapping {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] compressed(Wrapping wrapping, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressing = wrapping.around(out)) {
            compressing.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] rows(int rows) {
        return ("{\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[" + rows + ",4],\"data\":["
                        + "5.1,3.5,1.4,0.2,".repeat(rows - 1) + "6.7,3.1,5.6,2.4]}]}")
                .getBytes(UTF_8);
    }

    @Test
    void bodiesMayBeCompressedBothWays() throws IOException {
        byte[] request = rows(100);
        String expected =
                RawConnection.once(server.port(), "POST", INFER, request).text();
        byte[] gzip = compressed(GZIPOutputStream::new, request);
        RawConnection.Answer answer = RawConnection.once(
                server.port(), "POST", INFER, gzip, "Content-Encoding: gzip", "Accept-Encoding: gzip");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("content-encoding")).isEqualTo("gzip");
        assertThat(new String(new GZIPInputStream(answer.body().newInput()).readAllBytes(), UTF_8))
                .isEqualTo(expected);

        byte[] deflate = compressed(DeflaterOutputStream::new, request);
        answer = RawConnection.once(
                server.port(), "POST", INFER, deflate, "Content-Encoding: deflate", "Accept-Encoding: deflate");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("content-encoding")).isEqualTo("deflate");
        assertThat(new String(new InflaterInputStream(answer.body().newInput()).readAllBytes(), UTF_8))
                .isEqualTo(expected);
    }

    @Test
    void compressedBodiesMayComeByteByByte() throws IOException {
        byte[] gzip = compressed(GZIPOutputStream::new, REQUEST);
        try (RawConnection connection = new RawConnection(server.port())) {
            RawConnection.Answer answer =
                    connection.chunked(INFER, gzip, 1, "Content-Encoding: gzip").answer("POST");
            assertThat(answer.text()).isEqualTo(expected);
        }
    }

    @Test
    void brokenCompressionIsRefused() throws IOException {
        byte[] gzip = compressed(GZIPOutputStream::new, REQUEST);
        gzip[gzip.length / 2] ^= 0x55;
        RawConnection.Answer broken = RawConnection.once(server.port(), "POST", INFER, gzip, "Content-Encoding: gzip");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.text()).startsWith("{\"error\":\"");

        RawConnection.Answer unknown =
                RawConnection.once(server.port(), "POST", INFER, REQUEST, "Content-Encoding: br");
        assertThat(unknown.status()).isEqualTo(415);
        assertThat(unknown.text()).startsWith("{\"error\":\"").contains("br");
    }

    @Test
    void oneConnectionAnswersRequestAfterRequest() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            for (int i = 0; i < 20; i++) {
                connection.request("POST", INFER, REQUEST);
                assertThat(connection.answer("POST").text()).isEqualTo(expected);
                connection.request("GET", "/v2/models/nobody", new byte[0]);
                assertThat(connection.answer("GET").status()).isEqualTo(404);
            }
        }
    }

    @Test
    void requestsSentAheadAreAnsweredInTheirOrder() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            for (int i = 0; i < 10; i++) {
                connection.request("POST", INFER, REQUEST);
                connection.request("GET", "/v2/health/live", new byte[0]);
                connection.chunked(INFER, "{".getBytes(UTF_8), 1);
            }
            for (int i = 0; i < 10; i++) {
                assertThat(connection.answer("POST").text()).isEqualTo(expected);
                assertThat(connection.answer("GET").text()).isEqualTo("{\"live\":true}");
                assertThat(connection.answer("POST").status()).isEqualTo(400);
            }
        }
    }

    @Test
    void theConnectionEndsWhenTheClientSaysSo() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.request("POST", INFER, REQUEST, "Connection: close");
            assertThat(connection.answer("POST").text()).isEqualTo(expected);
            assertThat(connection.in().read()).isEqualTo(-1);
        }
    }

    @Test
    void waitsForNobodyWhoExpectsToBeToldToContinue() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(("POST " + INFER + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + REQUEST.length
                            + "\r\nExpect: 100-continue\r\n\r\n")
                    .getBytes(UTF_8));
            assertThat(connection.answer("HEAD").status()).isEqualTo(100);
            assertThat(connection.send(REQUEST).answer("POST").text()).isEqualTo(expected);
        }
    }

    @Test
    void anUpgradeToHttp2IsTaken() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + INFER))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(REQUEST))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo(expected);
        }
    }

    /** Frames written by hand: the preface, SETTINGS, HEADERS with literal fields, DATA of one byte each. */
    @Test
    void http2IsSpokenWithPriorKnowledge() throws IOException {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(0x83); // :method POST
        headers.write(0x86); // :scheme http
        literal(headers, ":path", INFER);
        literal(headers, ":authority", "127.0.0.1");
        literal(headers, "content-type", "application/json");
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8));
        frame(stream, 4, 0, 0, new byte[0]);
        frame(stream, 1, 4, 1, headers.toByteArray());
        for (int i = 0; i < REQUEST.length; i++) {
            frame(stream, 0, i == REQUEST.length - 1 ? 1 : 0, 1, new byte[] {REQUEST[i]});
        }
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(stream.toByteArray());
            DataInputStream in = new DataInputStream(connection.in());
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            boolean ended = false;
            while (!ended) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int id = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (type == 1) {
                    assertThat(payload[(flags & 0x20) == 0 ? 0 : 5])
                            .as(":status 200")
                            .isEqualTo((byte) 0x88);
                }
                if (type == 0) {
                    body.writeBytes(payload);
                }
                ended = id == 1 && type < 2 && (flags & 1) != 0;
            }
            assertThat(body.toString(UTF_8)).isEqualTo(expected);
        }
    }

    private static void literal(ByteArrayOutputStream headers, String name, String value) {
        headers.write(0);
        headers.write(name.length());
        headers.writeBytes(name.getBytes(UTF_8));
        headers.write(value.length());
        headers.writeBytes(value.getBytes(UTF_8));
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(ByteBuffer.allocate(9 + payload.length)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }
}
