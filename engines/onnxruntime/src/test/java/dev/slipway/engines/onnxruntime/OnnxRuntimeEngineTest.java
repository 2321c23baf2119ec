package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeEngineTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    @Test
    void runsAModel() {
        Path model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(Dimension.of("n"), Dimension.of(2)))
                .output("y", DataType.FP32, DeclaredShape.of(Dimension.of("n"), Dimension.of(2)))
                .node("Add", List.of("x", "x"), List.of("y"))
                .write(folder.resolve("double.onnx"));
        try (Engine engine = new OnnxRuntimeProvider().start(pool);
                Session session = engine.open(model, Settings.DEFAULT);
                Answers answers = Answers.of(session, Tensors.floats(pool, "x", Shape.of(2, 2), 1, 2, 3, 4))) {
            assertThat(session.signature()).hasToString("Signature[inputs=[x: FP32[n,2]], outputs=[y: FP32[n,2]]]");
            assertThat(answers.output("y").shape()).isEqualTo(Shape.of(2, 2));
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(2, 4, 6, 8);
        }
    }
}
