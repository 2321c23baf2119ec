package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.Session;
import dev.slipway.testing.Answers;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.Tensors;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A model that is unloaded gives its memory back to the system. */
@Tag("long")
class UnloadTest {

    private static final int WIDTH = 1800;
    private static final int LAYERS = 4;
    private static final int ROUNDS = 200;
    private static final int WARM = 40;

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    @Test
    void residentMemoryStaysFlatOverManyLoadsAndUnloads() throws Exception {
        Path model = model();
        float[] row = new float[WIDTH];
        long warm = 0;
        long last = 0;
        try (Engine engine = new OnnxRuntimeProvider().start(pool)) {
            for (int round = 1; round <= ROUNDS; round++) {
                try (Session session = engine.open(model, Settings.DEFAULT, new Cancellation())) {
                    Answers.of(session, Tensors.floats(pool, "x0", Shape.of(1, WIDTH), row))
                            .close();
                }
                last = OnnxRuntimeEngineTest.residentBytes();
                warm = round == WARM ? last : warm;
            }
        }
        System.out.printf(
                "%d MB model: resident %d MB after %d rounds, %d MB after %d%n",
                model.toFile().length() >> 20, warm >> 20, WARM, last >> 20, ROUNDS);
        assertThat(last).isLessThanOrEqualTo(warm + warm / 20);
    }

    private Path model() {
        DeclaredShape rows = DeclaredShape.of(Dimension.of("n"), Dimension.of(WIDTH));
        OnnxModel model = new OnnxModel().input("x0", DataType.FP32, rows).output("x" + LAYERS, DataType.FP32, rows);
        for (int layer = 0; layer < LAYERS; layer++) {
            byte[] weights = new byte[4 * WIDTH * WIDTH];
            model.initializer("w" + layer, OnnxTensor.raw(DataType.FP32, Shape.of(WIDTH, WIDTH), weights))
                    .node("MatMul", List.of("x" + layer, "w" + layer), List.of("x" + (layer + 1)));
        }
        return model.write(folder.resolve("large.onnx"));
    }
}
