package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Models that keep the runtime busy while it loads them: a kilobyte has it multiply matrices. */
@Timeout(120)
class SlowLoadTest {

    private static final DeclaredShape ANY = DeclaredShape.of(Dimension.UNKNOWN);

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private final Cancellation cancellation = new Cancellation();
    private Engine engine;

    @BeforeEach
    void start() {
        engine = new OnnxRuntimeProvider().start(pool);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    /** A model whose constants take far longer to compute than any test waits. */
    private Path slow() {
        int products = 30;
        OnnxModel model = new OnnxModel()
                .input("x", DataType.FP32, ANY)
                .output("y", DataType.FP32, ANY)
                .initializer("shape", OnnxTensor.longs(Shape.of(2), 2000, 2000))
                .node("ConstantOfShape", List.of("shape"), List.of("m0"));
        for (int i = 0; i < products; i++) {
            model.node("MatMul", List.of("m" + i, "m0"), List.of("m" + (i + 1)));
        }
        return model.node("ReduceMax", List.of("m" + products), List.of("best"))
                .node("Add", List.of("x", "best"), List.of("y"))
                .write(folder.resolve("slow.onnx"));
    }

    /** A model that makes as many zeros as it is asked for. */
    private Path zeros() {
        return new OnnxModel()
                .input("n", DataType.INT64, DeclaredShape.of(1))
                .output("y", DataType.FP32, ANY)
                .node("ConstantOfShape", List.of("n"), List.of("y"))
                .write(folder.resolve("zeros.onnx"));
    }

    @Test
    void othersAreLoadedMeanwhileEachWithALimitOfItsOwn() {
        CompletableFuture<Session> slow = CompletableFuture.supplyAsync(
                () -> engine.open(slow(), OnnxRuntimeEngineTest.withMemory(1024), cancellation));
        Path zeros = zeros();
        for (int mebibytes : new int[] {8, 256}) {
            try (Session other = engine.open(zeros, OnnxRuntimeEngineTest.withMemory(mebibytes), cancellation)) {
                assertThat(slow).isNotDone();
                assertThatThrownBy(() -> run(other, mebibytes + 1))
                        .hasMessageContaining("memory_limit of " + mebibytes);
                run(other, mebibytes - 1);
            }
        }
        cancellation.cancel(new Failure.Cancelled("seen enough"));
        assertThatThrownBy(slow::join).hasMessageContaining("seen enough");
    }

    private void run(Session session, long mebibytes) {
        Answers.of(session, Tensors.longs(pool, "n", Shape.of(1), mebibytes << 18))
                .close();
    }

    @Test
    void aLoadThatIsGivenUpEndsAtTheNextStepWithTheReason() {
        CompletableFuture<Session> slow = CompletableFuture.supplyAsync(
                () -> engine.open(slow(), OnnxRuntimeEngineTest.withMemory(1024), cancellation));
        engine.open(zeros(), OnnxRuntimeEngineTest.withMemory(8), new Cancellation())
                .close();
        cancellation.cancel(new Failure.DeadlineExceeded("the load takes too long"));
        assertThatThrownBy(slow::join).hasMessageContaining("the load takes too long");
        assertThatThrownBy(() -> engine.open(zeros(), OnnxRuntimeEngineTest.withMemory(8), cancellation))
                .hasMessageContaining("the load takes too long");
    }
}
