package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private LiveServer server;

    @BeforeEach
    void start() {
        server = LiveServer.start(home, pool, new EchoDialect());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void healthIsAnsweredByTheServerItself() {
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(text(server.get("/health/ready"))).isEqualTo("{\"ready\":true}");
    }

    @Test
    void aLiteralSegmentWinsOverAParameterAndValuesAreDecoded() {
        assertThat(text(server.get("/echo/literal/of/all"))).isEqualTo("literal");
        assertThat(text(server.get("/echo/literal/of/x"))).isEqualTo("literal|x|null");
        assertThat(text(server.get("/echo/a%2Fb+c/of/%C3%A4?q=1%262"))).isEqualTo("a/b+c|ä|1&2");
    }

    @Test
    void anUnknownPathIsAProblem() {
        HttpResponse<byte[]> response = server.get("/nothing/here", "X-Request-Id", "abc-1");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(text(response)).contains("\"request_id\":\"abc-1\"").contains("/nothing/here");
    }

    @Test
    void aQueryThatIsNotPercentEncodedIsRefused() throws IOException {
        assertThat(raw("GET /echo/a/of/b?q=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("the query is not percent-encoded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xchunked", "chunked, identity", "gzip, chunked", "identity\r\nTransfer-Encoding: chunked"})
    void aBodyWhoseEndOthersMightSeeElsewhereEndsTheConnection(String coding) throws IOException {
        String next = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assertThat(raw("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n"
                        + next))
                .startsWith("HTTP/1.1 501 ")
                .containsIgnoringCase("connection: close")
                .doesNotContain("200 OK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: Chunked\r\nContent-Length: 0"
            })
    void aBodyWhoseEndIsSaidTwiceEndsTheConnection(String headers) throws IOException {
        String next = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (String before : new String[] {"", next}) {
            String answers =
                    raw(before + "POST /echo HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n0\r\n\r\n" + next);
            assertThat(answers.substring(answers.lastIndexOf("HTTP/1.1 ")))
                    .startsWith("HTTP/1.1 400 ")
                    .containsIgnoringCase("connection: close")
                    .contains("content-length and transfer-encoding are both given");
            assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(before.isEmpty() ? 1 : 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: y", "Host: localhost\r\nHost: localhost"})
    void aRequestSaysOnceForWhomItIs(String headers) throws IOException {
        assertThat(raw("GET /health/live HTTP/1.1\r\n" + headers + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("one Host header is needed");
    }

    @Test
    void theHostOfAnAbsoluteTargetCounts() throws IOException {
        String rest = "/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assertThat(raw("GET http://localhost" + rest)).startsWith("HTTP/1.1 200 ");
        assertThat(raw("GET http://elsewhere.example" + rest)).startsWith("HTTP/1.1 403 ");
    }

    private String raw(String request) throws IOException {
        try (Wire wire = new Wire(server.port())) {
            return wire.send(request).rest();
        }
    }

    @Test
    void aWrongMethodSaysWhichAreAllowed() {
        HttpResponse<byte[]> response = server.get("/echo");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("POST");
    }

    @Test
    void whatTheServerAsAWholeTakesIsAnsweredToo() throws IOException {
        assertThat(raw("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .containsIgnoringCase("allow: GET, HEAD, POST");
        assertThat(raw("OPTIONS /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .containsIgnoringCase("allow: POST\r\n");
        assertThat(raw("GET * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aTargetThatIsTooLongIsRefused() throws IOException {
        assertThat(raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 GET /echo HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "400 POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "400 POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -3\r\n\r\nabc",
                "400 POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\nabc",
                "400 GARBAGE\r\n\r\n",
                "400 GET /echo\r\n\r\n",
                "400 GET /echo HTTP/one\r\nHost: localhost\r\n\r\n",
                "505 GET /echo HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "505 GET /echo HTTP/2.0\r\nHost: localhost\r\n\r\n"
            })
    void whatIsNoRequestIsRefusedInTheServersForm(String sent) throws IOException {
        assertThat(raw(sent.substring(4)))
                .startsWith("HTTP/1.1 " + sent.substring(0, 4))
                .containsIgnoringCase("connection: close")
                .containsPattern("(?s)X-Request-Id: ([0-9a-f]{24})\r\n.*\"request_id\":\"\\1\"");
    }

    @Test
    void headersThatAreTooManyOrTooLongAreRefusedInTheServersForm() throws IOException {
        String many = "x: y\r\n".repeat(20_000);
        assertThat(raw("GET /echo HTTP/1.1\r\nHost: localhost\r\n" + many + "\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .containsPattern("(?s)X-Request-Id: ([0-9a-f]{24})\r\n.*\"request_id\":\"\\1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xyz\r\nab\r\n0\r\n\r\n", "2\r\nabc\r\n0\r\n\r\n", "-1\r\n\r\n", "fffffffff\r\n"})
    void aBodyWhoseChunksAreBrokenIsAnsweredBeforeTheConnectionEnds(String chunks) throws IOException {
        String next = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assertThat(raw("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + next))
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("connection: close")
                .contains("chunks")
                .doesNotContain("200 OK");
    }

    @Test
    void aRequestBeforeOneWithBrokenChunksIsAnswered() throws IOException {
        String broken = "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
        assertThat(raw("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n" + broken))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void headIsAnsweredLikeGetWithoutABody() {
        HttpResponse<byte[]> response = server.send(HttpRequest.newBuilder(server.uri("/health/live"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-length")).hasValue("13");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void anIllFormedRequestIdIsReplaced() {
        assertThat(server.get("/health/live", "X-Request-Id", "a b").headers().firstValue("x-request-id"))
                .get()
                .asString()
                .matches("[0-9a-f]{24}");
        assertThat(server.get("/health/live", "X-Request-Id", "r:1").headers().firstValue("x-request-id"))
                .hasValue("r:1");
    }

    @Test
    void bodiesOfAnyLengthComeThrough() {
        for (int length : new int[] {0, 1, 4095, 4096, 4097, 1 << 20, 3_000_001}) {
            byte[] body = bytes(length);
            assertThat(server.post("/echo", body).body()).isEqualTo(body);
        }
    }

    @Test
    void chunkedBodiesComeThrough() {
        byte[] body = bytes(300_000);
        HttpRequest request = HttpRequest.newBuilder(server.uri("/echo"))
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                .build();

        assertThat(server.send(request).body()).isEqualTo(body);
    }

    @Test
    void compressedBodiesComeThrough() throws IOException {
        byte[] body = bytes(300_000);

        assertThat(server.post("/echo", gzip(body), "Content-Encoding", "gzip").body())
                .isEqualTo(body);
        assertThat(server.post("/echo", deflate(body), "Content-Encoding", "deflate")
                        .body())
                .isEqualTo(body);
        ByteArrayOutputStream twoMembers = new ByteArrayOutputStream();
        twoMembers.writeBytes(gzip(body));
        twoMembers.writeBytes(gzip(body));
        assertThat(server.post("/echo", twoMembers.toByteArray(), "Content-Encoding", "gzip")
                        .body())
                .hasSize(600_000);
    }

    @Test
    void brokenCompressionIsRefused() throws IOException {
        byte[] whole = gzip(bytes(10_000));
        byte[] damaged = whole.clone();
        damaged[whole.length - 6] ^= 1;

        for (byte[] body : new byte[][] {Arrays.copyOf(whole, whole.length / 2), damaged, {1, 2, 3}, bytes(500)}) {
            HttpResponse<byte[]> response = server.post("/echo", body, "Content-Encoding", "gzip");
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(text(response)).contains("gzip body cannot be decompressed");
        }
        assertThat(server.post("/echo", whole, "Content-Encoding", "br").statusCode())
                .isEqualTo(415);
    }

    @Test
    void aDecompressionBombIsRefusedLongBeforeItIsWhole() throws IOException {
        HttpResponse<byte[]> response = server.post("/echo", gzip(new byte[200 << 20]), "Content-Encoding", "gzip");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(text(response)).contains("more than 200 bytes come out of each byte");
    }

    @Test
    void answersAreCompressedWhenAcceptedAndWorthwhile() throws IOException {
        for (int size : new int[] {100_000, 5_000}) {
            HttpResponse<byte[]> response = server.get("/large/" + size, "Accept-Encoding", "br, gzip");
            assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
            assertThat(new GZIPInputStream(new java.io.ByteArrayInputStream(response.body())).readAllBytes())
                    .hasSize(size);
        }
        assertThat(server.get("/large/500", "Accept-Encoding", "gzip").headers().firstValue("content-encoding"))
                .isEmpty();
        assertThat(server.get("/large/5000", "Accept-Encoding", "gzip;q=0")
                        .headers()
                        .firstValue("content-encoding"))
                .isEmpty();
    }

    @Test
    void anAnswerThatCannotBeCompressedIsSentAsItIs() {
        HttpResponse<byte[]> response = server.get("/confined/100000", "Accept-Encoding", "gzip");

        assertThat(response.headers().firstValue("content-encoding")).isEmpty();
        assertThat(response.headers().firstValue("content-length")).hasValue("100000");
        assertThat(text(response)).hasSize(100_000).isBlank();
    }

    @Test
    void whatNobodyExpectedIsNotTold() {
        HttpResponse<byte[]> response = server.get("/boom");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(text(response)).doesNotContain("secret").doesNotContain("at dev.slipway");
    }

    @Test
    void uploadsGoToAFile() {
        assertThat(text(server.post("/upload", bytes(2_000_000)))).isEqualTo("2000000");
        assertThat(home.resolve("uploads")).isEmptyDirectory();
    }

    @Test
    void metricsCountRequestsByRoute() {
        server.post("/echo", bytes(10));

        assertThat(text(server.get("/metrics")))
                .contains("slipway_request_seconds_count{code=\"200\",model=\"\",route=\"/echo\",version=\"\"} 1")
                .contains("jvm_memory_used_bytes");
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(content);
        }
        return out.toByteArray();
    }
}
