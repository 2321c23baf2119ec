package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Cancellation;
import dev.slipway.core.FailureException;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.Session;
import dev.slipway.graph.OnnxReader;
import dev.slipway.testing.Answers;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the reading of a graph says of rows, against what ONNX Runtime answers to them alone and together. */
class RowsTogetherTest {

    private static final int GRAPHS = 500;
    private static final long SEED = 20_251_122;
    private static final int ROWS = 3;
    private static final int ROW = 6;

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    @Test
    void rowsThatAreSaidToStandAloneDo() {
        Random random = new Random(SEED);
        int agreed = 0;
        try (Engine engine = new OnnxRuntimeProvider().start(pool)) {
            for (int i = 0; i < GRAPHS; i++) {
                RandomGraph graph = new RandomGraph(random, 1 + random.nextInt(6));
                Path file = graph.model().write(folder.resolve("model.onnx"));
                float[] x = new float[ROWS * ROW];
                for (int at = 0; at < x.length; at++) {
                    x[at] = (float) random.nextGaussian();
                }
                if (new OnnxReader().inspect(file).rowMixing().isEmpty()) {
                    agreed += compared(engine, file, x, i) ? 1 : 0;
                }
            }
        }
        assertThat(agreed).as("models that could be run").isGreaterThan(GRAPHS / 40);
    }

    /** Whether there were answers to compare: one row for each, alone as well as together. */
    private boolean compared(Engine engine, Path file, float[] x, int graph) {
        try (Session session = engine.open(file, Settings.DEFAULT, new Cancellation())) {
            List<float[]> alone = new ArrayList<>();
            for (int row = 0; row < ROWS; row++) {
                answer(session, Arrays.copyOfRange(x, row * ROW, (row + 1) * ROW))
                        .ifPresent(alone::add);
            }
            Optional<float[]> together = answer(session, x);
            if (alone.size() < ROWS || together.isEmpty()) {
                return false;
            }
            float[] expected = new float[together.get().length];
            int length = expected.length / ROWS;
            for (int row = 0; row < ROWS; row++) {
                assertThat(alone.get(row)).as("graph %s", graph).hasSize(length);
                System.arraycopy(alone.get(row), 0, expected, row * length, length);
            }
            for (int i = 0; i < expected.length; i++) {
                boolean close = Math.abs(expected[i] - together.get()[i]) <= 1e-4 * Math.max(1, Math.abs(expected[i]));
                assertThat(close || Float.compare(expected[i], together.get()[i]) == 0)
                        .as("graph %s is %s alone and %s together", graph, expected, together.get())
                        .isTrue();
            }
            return true;
        } catch (FailureException refused) {
            return false;
        }
    }

    /** The answer when it has as many rows as were asked for. */
    private Optional<float[]> answer(Session session, float[] x) {
        int rows = x.length / ROW;
        try (Answers answers = Answers.of(session, Tensors.floats(pool, "x", Shape.of(rows, 2, 3), x))) {
            Shape shape = answers.output("y").shape();
            return shape.rank() > 0 && shape.dim(0) == rows
                    ? Optional.of(Tensors.floats(answers.output("y")))
                    : Optional.empty();
        } catch (FailureException refused) {
            return Optional.empty();
        }
    }
}
