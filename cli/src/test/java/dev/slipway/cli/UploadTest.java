package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files on their way to a server that breaks connections. */
class UploadTest {

    private static final long PART = 64 << 20;
    private static final long SIZE = 2 * PART + 5;

    @TempDir
    Path folder;

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private long here;
    private int breaks;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Path model = Files.createDirectory(folder.resolve("model"));
        try (RandomAccessFile file =
                new RandomAccessFile(model.resolve("weights.bin").toFile(), "rw")) {
            file.setLength(SIZE);
        }
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "HEAD" -> {
                exchange.getResponseHeaders().set("Upload-Offset", Long.toString(here));
                exchange.sendResponseHeaders(here == SIZE ? 200 : 404, -1);
            }
            case "PUT" -> {
                String range = exchange.getRequestHeaders().getFirst("Content-Range");
                ranges.add(range);
                if (here > 0 && breaks-- > 0) {
                    exchange.getRequestBody().skipNBytes(1000);
                    exchange.close();
                    return;
                }
                here += exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                exchange.sendResponseHeaders(202, -1);
            }
            default -> {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(201, -1);
            }
        }
        exchange.close();
    }

    private Api.Answer send() {
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            Upload upload =
                    new Upload(new Api(uri, "", "slipway", "slipway"), new Progress(Environment.ofProcess(), true));
            return upload.send(folder.resolve("model"), "/api/v1/models/m/versions?wait=ready");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void goOnWhereTheConnectionBroke() {
        breaks = 2;
        assertThat(send().status()).isEqualTo(201);
        assertThat(here).isEqualTo(SIZE);
        assertThat(ranges)
                .containsExactly(
                        "bytes 0-67108863/134217733",
                        "bytes 67108864-134217727/134217733",
                        "bytes 67108864-134217727/134217733",
                        "bytes 67108864-134217727/134217733",
                        "bytes 134217728-134217732/134217733");
    }

    @Test
    void areGivenUpAfterFiveAttemptsAndGoOnWithTheNextCommand() {
        breaks = 5;
        assertThatThrownBy(this::send).isInstanceOf(CommandFailure.class).hasMessageContaining("broke");
        ranges.clear();
        send();
        assertThat(ranges).containsExactly("bytes 67108864-134217727/134217733", "bytes 134217728-134217732/134217733");
    }
}
