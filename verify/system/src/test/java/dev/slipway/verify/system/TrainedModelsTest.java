package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.slipway.core.DataType;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.embed.Model;
import dev.slipway.embed.Slipway;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trained models, deployed as bare files, answer what was recorded, bit for bit the same over every interface. */
class TrainedModelsTest {

    private static final float ATOL = 1e-5f;
    private static final float RTOL = 1e-4f;

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "breast_cancer_mlp/breast_cancer_mlp.onnx, features, probabilities, 0.97661",
        "digits_cnn/digits_cnn_opset13.onnx, input, logits, 0.98519",
        "digits_cnn/digits_cnn_opset15.onnx, input, logits, 0.98519",
        "digits_cnn/digits_cnn_opset17.onnx, input, logits, 0.98519",
        "digits_gru/digits_gru_opset15.onnx, rows, logits, 0.97778",
        "digits_squeeze/digits_squeeze.onnx, input, probabilities, 0.99259",
        "iris_mlp/iris_mlp.onnx, features, probabilities, 0.95556",
    })
    void answersWhatWasRecorded(String file, String input, String output, double accuracy) throws Exception {
        Path model = Material.folder("trained/" + file);
        Npy inputs = only(model.getParent(), "test_inputs*.npy");
        Npy labels = only(model.getParent(), "test_labels*.npy");
        float[] recorded = recorded(model.getParent());
        int classes = recorded.length / inputs.rows();

        try (LocalServer server = new LocalServer(home)) {
            server.deploy(model, "m");
            try (V2Client client = new V2Client(server.port());
                    Model embedded = Slipway.open(model)) {
                float[] json = new float[0];
                for (int row = 0; row < inputs.rows(); row += 60) {
                    int rows = Math.min(60, inputs.rows() - row);
                    long[] shape = inputs.shape().withFirst(rows).toArray();
                    float[] values =
                            Arrays.copyOfRange(inputs.floats(), row * inputs.width(), (row + rows) * inputs.width());

                    float[] answer = same(client, embedded, input, output, shape, values);
                    int before = json.length;
                    json = Arrays.copyOf(json, before + answer.length);
                    System.arraycopy(answer, 0, json, before, answer.length);
                }
                requireClose(json, recorded);
                assertThat(accuracy(json, labels.longs(), classes)).isCloseTo(accuracy, offset(5e-6));
            }
            server.requireNoLiveLease();
        }
    }

    @ParameterizedTest
    @CsvSource({"iris/iris.onnx, features, probabilities, 4, 0.95556", "digits/digits.onnx, input, logits, 64, 0.98519"
    })
    void theExamplesAnswerTheSameOverEveryInterface(
            String file, String input, String output, int columns, double accuracy) throws Exception {
        Path model = Path.of("../../examples").resolve(file);
        List<String> lines = Files.readAllLines(model.resolveSibling("test.csv"));
        int rows = lines.size() - 1;
        float[] values = new float[rows * columns];
        List<String> labels = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            String[] cells = lines.get(row + 1).split(",", -1);
            for (int i = 0; i < columns; i++) {
                values[row * columns + i] = Float.parseFloat(cells[i]);
            }
            labels.add(cells[columns]);
        }
        List<String> names = labels.stream().distinct().sorted().toList();
        long[] wanted = labels.stream().mapToLong(names::indexOf).toArray();
        long[] shape = columns == 64 ? new long[] {rows, 1, 8, 8} : new long[] {rows, columns};
        try (LocalServer server = new LocalServer(home)) {
            server.deploy(model, "m");
            try (V2Client client = new V2Client(server.port());
                    Model embedded = Slipway.open(model)) {
                float[] scores = same(client, embedded, input, output, shape, values);
                assertThat(accuracy(scores, wanted, names.size())).isCloseTo(accuracy, offset(5e-6));
            }
            server.requireNoLiveLease();
        }
    }

    /** What every interface answers, bit for bit. */
    private static float[] same(
            V2Client client, Model embedded, String input, String output, long[] shape, float[] values)
            throws Exception {
        float[] answer = client.inferJson("m", input, output, shape, values);
        assertThat(client.inferBinary("m", input, output, shape, values)).containsExactly(answer);
        assertThat(client.inferGrpc("m", input, output, shape, values)).containsExactly(answer);
        assertThat(infer(embedded, input, output, shape, values)).containsExactly(answer);
        return answer;
    }

    private static float[] recorded(Path folder) throws IOException {
        for (String name : List.of("test_outputs_fp32.npy", "test_logits_fp32.npy", "test_probabilities_fp32.npy")) {
            if (folder.resolve(name).toFile().exists()) {
                return Npy.read(folder.resolve(name)).floats();
            }
        }
        throw new IOException("no recorded outputs in " + folder);
    }

    private static Npy only(Path folder, String glob) throws IOException {
        try (var files = Files.newDirectoryStream(folder, glob)) {
            return Npy.read(files.iterator().next());
        }
    }

    private static float[] infer(Model model, String input, String output, long[] shape, float[] values) {
        TensorLease lease = model.pool().allocate(DataType.FP32, Shape.of(shape));
        lease.tensor().data().copyFrom(MemorySegment.ofArray(values));
        try (InferenceResponse response = model.infer(List.of(new NamedTensor(input, lease)))) {
            return response.outputs().stream()
                    .filter(tensor -> tensor.name().equals(output))
                    .findFirst()
                    .orElseThrow()
                    .tensor()
                    .data()
                    .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
    }

    private static void requireClose(float[] given, float[] expected) {
        assertThat(given).hasSameSizeAs(expected);
        for (int i = 0; i < given.length; i++) {
            assertThat(Math.abs(given[i] - expected[i]))
                    .as("element %d: %s given, %s recorded", i, given[i], expected[i])
                    .isLessThanOrEqualTo(ATOL + RTOL * Math.abs(expected[i]));
        }
    }

    private static double accuracy(float[] scores, long[] labels, int classes) {
        return IntStream.range(0, labels.length)
                        .filter(row -> IntStream.range(0, classes)
                                        .reduce((best, i) ->
                                                scores[row * classes + i] > scores[row * classes + best] ? i : best)
                                        .orElseThrow()
                                == labels[row])
                        .count()
                / (double) labels.length;
    }
}
