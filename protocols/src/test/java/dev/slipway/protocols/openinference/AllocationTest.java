package dev.slipway.protocols.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a request allocates on the heap, by counting: nothing that grows with its tensors. */
class AllocationTest {

    private static final int SMALL = 1_000;
    private static final int LARGE = 100_000;
    private static final int ROUNDS = 40;
    private static final double A_LITTLE = 0.05;

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path home;

    private final byte[] answer = new byte[1 << 20];
    private LiveServer server;

    @BeforeEach
    void start() {
        server = LiveServer.start(home, pool, new OpenInference());
        DeclaredShape any = DeclaredShape.of(Dimension.of("n"));
        server.deploy(
                "m",
                new OnnxModel()
                        .input("x", DataType.FP32, any)
                        .node("Neg", List.of("x"), List.of("y"))
                        .output("y", DataType.FP32, any));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aBinaryTensorTakesNothingOfTheHeap() throws IOException {
        assertThat(heapBytesPerBodyByte(AllocationTest::binary)).isLessThan(A_LITTLE);
    }

    @Test
    void aJsonTensorTakesNothingOfTheHeap() throws IOException {
        assertThat(heapBytesPerBodyByte(AllocationTest::json)).isLessThan(A_LITTLE);
    }

    private double heapBytesPerBodyByte(IntFunction<byte[]> request) throws IOException {
        byte[] small = request.apply(SMALL);
        byte[] large = request.apply(LARGE);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            allocated(socket, small, SMALL);
            allocated(socket, large, LARGE);
            return (allocated(socket, large, LARGE) - allocated(socket, small, SMALL))
                    / (double) (large.length - small.length);
        }
    }

    /** Bytes that all threads together allocate for one request. */
    private long allocated(Socket socket, byte[] request, int elements) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            socket.getOutputStream().write(request);
            readAnswer(socket.getInputStream(), 4 * elements);
        }
        return (threads.getTotalThreadAllocatedBytes() - before) / ROUNDS;
    }

    private void readAnswer(InputStream in, int tensorBytes) throws IOException {
        int size = in.read(answer);
        String head = new String(answer, 0, Math.min(size, 600), StandardCharsets.ISO_8859_1);
        assertThat(head).startsWith("HTTP/1.1 200 ");
        int end = head.indexOf("\r\n\r\n") + 4;
        int length = head.toLowerCase(Locale.ROOT).indexOf("\ncontent-length: ") + 17;
        int whole = end + Integer.parseInt(head.substring(length, head.indexOf("\r\n", length)));
        assertThat(whole - end).isGreaterThanOrEqualTo(tensorBytes);
        while (size < whole) {
            size += in.read(answer, size, whole - size);
        }
    }

    private static byte[] binary(int elements) {
        String header = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[" + elements
                + "],\"parameters\":{\"binary_data_size\":" + 4 * elements
                + "}}],\"parameters\":{\"binary_data_output\":true}}";
        return post(header + "\0".repeat(4 * elements), "Inference-Header-Content-Length: " + header.length());
    }

    private static byte[] json(int elements) {
        return post(
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[" + elements + "],\"data\":["
                        + "1.5,".repeat(elements - 1) + "1.5]}],\"parameters\":{\"binary_data_output\":true}}",
                "Content-Type: application/json");
    }

    private static byte[] post(String body, String header) {
        return ("POST /v2/models/m/infer HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
