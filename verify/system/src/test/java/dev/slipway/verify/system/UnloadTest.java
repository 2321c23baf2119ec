package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import dev.slipway.verify.system.RawHttp.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A large model that a server loads and unloads again and again. */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class UnloadTest {

    private static final int WIDTH = 1900;
    private static final int LAYERS = 4;
    private static final int ROUNDS = 200;
    private static final int WARM = 40;

    @TempDir
    private Path folder;

    @Test
    void residentMemoryOfTheServerStaysFlat() throws Exception {
        Path model = model();
        long warm = 0;
        long last = 0;
        try (SeparateServer server = SeparateServer.start(folder.resolve("home"), model.toString());
                RawHttp connection = new RawHttp(server.port())) {
            for (int round = 1; round <= ROUNDS; round++) {
                infer(connection);
                repository(connection, "unload");
                repository(connection, "load");
                last = residentBytes(server.pid());
                warm = round == WARM ? last : warm;
            }
        }
        System.out.printf(
                "%d MB model: resident %d MB after %d rounds, %d MB after %d%n",
                Files.size(model) >> 20, warm >> 20, WARM, last >> 20, ROUNDS);
        assertThat(last).isLessThanOrEqualTo(warm + warm / 20);
    }

    private static void infer(RawHttp connection) throws IOException {
        String row = "0,".repeat(WIDTH - 1) + "0";
        Answer answer = connection.exchange(
                "POST",
                "/v2/models/large/infer",
                "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"FP32\",\"shape\":[1," + WIDTH + "],\"data\":[" + row
                        + "]}]}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static void repository(RawHttp connection, String action) throws IOException {
        Answer answer = connection.exchange("POST", "/v2/repository/models/large/" + action, "{}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static long residentBytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                << 10;
    }

    private Path model() {
        DeclaredShape rows = DeclaredShape.of(Dimension.of("n"), Dimension.of(WIDTH));
        OnnxModel model = new OnnxModel().input("x0", DataType.FP32, rows).output("x" + LAYERS, DataType.FP32, rows);
        byte[] weights = weights();
        for (int layer = 0; layer < LAYERS; layer++) {
            model.initializer("w" + layer, OnnxTensor.raw(DataType.FP32, Shape.of(WIDTH, WIDTH), weights))
                    .node("MatMul", List.of("x" + layer, "w" + layer), List.of("x" + (layer + 1)));
        }
        return model.write(folder.resolve("large.onnx"));
    }

    private static byte[] weights() {
        Random random = new Random(1);
        ByteBuffer weights = ByteBuffer.allocate(4 * WIDTH * WIDTH).order(ByteOrder.LITTLE_ENDIAN);
        while (weights.hasRemaining()) {
            weights.putFloat(random.nextFloat());
        }
        return weights.array();
    }
}
