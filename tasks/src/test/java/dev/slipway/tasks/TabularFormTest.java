package dev.slipway.tasks;

import static dev.slipway.tasks.Forms.BATCH;
import static dev.slipway.tasks.Forms.dim;
import static dev.slipway.tasks.Forms.faults;
import static dev.slipway.tasks.Forms.json;
import static dev.slipway.tasks.Forms.spec;
import static dev.slipway.tasks.Forms.step;
import static dev.slipway.tasks.Forms.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Task;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import dev.slipway.testing.CountingPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TabularFormTest {

    private static final List<String> COLUMNS = List.of("sepal_length", "sepal_width", "petal_length", "petal_width");
    private static final List<String> SPECIES = List.of("setosa", "versicolor", "virginica");

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private final TaskForm iris = iris(BATCH);

    private static TaskForm iris(dev.slipway.core.Dimension batch) {
        return form(
                Task.TABULAR_CLASSIFICATION,
                SPECIES,
                COLUMNS,
                List.of(spec("features", DataType.FP32, batch, dim(4))),
                List.of(spec("probabilities", DataType.FP32, batch, dim(3))),
                Map.of());
    }

    private static TaskForm form(
            Task task,
            List<String> labels,
            List<String> columns,
            List<TensorSpec> inputs,
            List<TensorSpec> outputs,
            Map<String, Manifest.Output> named) {
        return new TaskForms(List.of())
                .create(Forms.manifest(task, labels, columns, new Signature(inputs, outputs), Map.of(), named));
    }

    @Test
    void readsARowByNameOrByPosition() {
        String row = "features FP32[1,4] [[5.1,3.5,1.4,0.2]]";
        assertThat(text(json(
                        iris,
                        "{\"petal_width\":0.2,\"sepal_length\":5.1,\"sepal_width\":3.5,\"petal_length\":1.4}",
                        pool)))
                .isEqualTo(row);
        assertThat(text(json(iris, "[5.1,3.5,1.4,0.2]", pool))).isEqualTo(row);
        assertThat(text(iris.decode(new double[] {5.1, 3.5, 1.4, 0.2}, pool))).isEqualTo(row);
        assertThat(text(iris.decode(
                        Map.of("petal_width", 0.2f, "sepal_length", 5.1, "sepal_width", 3.5, "petal_length", 1.4),
                        pool)))
                .isEqualTo(row);
    }

    @Test
    void readsAListOfRowsAndSaysSo() {
        TaskForm.Decoded one = json(iris, "[[1,2,3,4]]", pool);
        assertThat(one.list()).isTrue();
        assertThat(one.instances()).isEqualTo(1);
        assertThat(text(one)).isEqualTo("features FP32[1,4] [[1.0,2.0,3.0,4.0]]");
        assertThat(text(json(
                        iris,
                        "[[1,2,3,4],{\"petal_width\":8,\"sepal_length\":5,\"sepal_width\":6,\"petal_length\":7}]",
                        pool)))
                .isEqualTo("features FP32[2,4] [[1.0,2.0,3.0,4.0],[5.0,6.0,7.0,8.0]]");
    }

    @Test
    void readsCsvWithAndWithoutAHeader() {
        assertThat(text(Forms.decode(iris, "text/csv", "5.1,3.5,1.4,0.2\r\n1e0, +2 ,.5,4.\n", pool)))
                .isEqualTo("features FP32[2,4] [[5.1,3.5,1.4,0.2],[1.0,2.0,0.5,4.0]]");
        assertThat(text(Forms.decode(
                        iris,
                        "text/csv",
                        "\ufeffpetal_width,\"sepal_length\",sepal_width,petal_length\n\"4\",1,2,3\n\n",
                        pool)))
                .isEqualTo("features FP32[1,4] [[1.0,2.0,3.0,4.0]]");
        assertThat(faults(() -> Forms.decode(iris, "text/csv", "", pool)))
                .containsExactly("body: expected at least one row, got none");
    }

    @Test
    void namesEveryFaultOfEveryRow() {
        assertThat(faults(() -> json(
                        iris,
                        "[{\"sepal_length\":\"5.1\",\"sepal_width\":3.5,\"petal_lenght\":1.4,\"petal_width\":null},"
                                + "[1,2,3],[1,2,true,1e39],7]",
                        pool)))
                .containsExactly(
                        "[0].sepal_length: expected a number, got the string \"5.1\"",
                        "[0].petal_length: required, got nothing",
                        "[0].petal_width: expected a number, got null",
                        "[0].petal_lenght: expected one of sepal_length, sepal_width, petal_length, petal_width"
                                + " (did you mean 'petal_length'?), got 'petal_lenght'",
                        "[1]: expected 4 values (sepal_length, sepal_width, petal_length, petal_width), got 3 values",
                        "[2].petal_length: expected a number, got true",
                        "[2].petal_width: expected a number in the range of FP32, got 1.0E39",
                        "[3]: expected an object of columns or a list of values, got 7");
        assertThat(faults(() -> json(iris, "{\"sepal_length\":1,\"sepal_width\":2,\"petal_length\":3}", pool)))
                .containsExactly("petal_width: required, got nothing");
        assertThat(faults(() -> json(iris, "\"5.1,3.5\"", pool)))
                .containsExactly("body: expected an object of columns or a list of values, got the string \"5.1,3.5\"");
        assertThat(faults(() -> json(iris, "[]", pool))).containsExactly("body: expected at least one row, got none");
        assertThat(faults(() -> Forms.decode(iris, "text/csv", "1,2,x,NaN\n1,2\n", pool)))
                .containsExactly(
                        "line 1, petal_length: expected a number, got the string \"x\"",
                        "line 1, petal_width: expected a number, got the string \"NaN\"",
                        "line 2: expected 4 values (sepal_length, sepal_width, petal_length, petal_width), got 2 values");
    }

    @Test
    void aHeaderIsComparedOnce() {
        assertThat(faults(() -> Forms.decode(
                        iris,
                        "text/csv",
                        "sepal_length,sepal_width,petal_lenght,petal_width\n" + "1,2,3,4\n".repeat(50),
                        pool)))
                .containsExactly(
                        "line 1, petal_lenght: expected one of sepal_length, sepal_width, petal_length, petal_width"
                                + " (did you mean 'petal_length'?), got 'petal_lenght'",
                        "line 1, petal_length: required, got no such column");
        assertThat(faults(() -> Forms.decode(iris, "text/csv", "a,b,c,d\n1,2,3,4\n", pool)))
                .hasSize(8)
                .contains("line 1, sepal_length: required, got no such column");
    }

    @Test
    void aLineOfCsvIsCountedAsEditorsCountIt() {
        TaskForm notes = form(
                Task.TABULAR_REGRESSION,
                List.of(),
                List.of(),
                List.of(spec("note", DataType.BYTES, BATCH), spec("age", DataType.INT64, BATCH)),
                List.of(spec("y", DataType.FP32, BATCH)),
                Map.of());
        assertThat(faults(() -> Forms.decode(notes, "text/csv", "note,age\r\n\"a\nb\",1\r\n\r\nc,x\r\n", pool)))
                .containsExactly("line 5, age: expected a whole number, got the string \"x\"");
    }

    @Test
    void theFirstFaultsAreToldAndTheRestCounted() {
        String csv = "sepal_length,sepal_width,petal_length,petal_width\n" + "1,2,x,4\n".repeat(500);
        Failure.BadInput refused = Forms.refused(() -> Forms.decode(iris, "text/csv", csv, pool));
        assertThat(refused.faults()).hasSize(100);
        assertThat(refused.detail())
                .startsWith("line 2, petal_length: expected a number, got the string \"x\"; line 3, petal_length: ")
                .endsWith("; and 495 more");
        assertThat(Forms.refused(() -> json(iris, "[" + "[],".repeat(500) + "[]]", pool))
                        .detail())
                .endsWith("; and 496 more");
    }

    @Test
    void aNearNameIsLookedForAFewTimesOnly() {
        StringBuilder body = new StringBuilder("{");
        for (int i = 0; i < 20; i++) {
            body.append("\"petal_width").append(i).append("\": 1, ");
        }
        String names = body.append("\"sepal_length\": 1}").toString();
        assertThat(faults(() -> json(iris, names, pool)))
                .filteredOn(fault -> fault.contains("did you mean"))
                .hasSize(5);
    }

    @Test
    void refusesMoreRowsThanItTakes() {
        assertThatThrownBy(() -> json(iris, "[" + "[1,2,3,4],".repeat(10_000) + "[1,2,3,4]]", pool))
                .extracting("failure")
                .isInstanceOf(Failure.TooLarge.class);
        assertThatThrownBy(() -> Forms.decode(iris, "text/csv", "1,2,3,4\n".repeat(20_000), pool))
                .extracting("failure")
                .isInstanceOf(Failure.TooLarge.class);
    }

    @Test
    void whatIsNoRowCostsNoHeap() {
        String values = "0,".repeat(1_000_000) + "0";
        String lists = "[],".repeat(1_000_000) + "[]";
        for (String body : List.of(
                "[" + lists + "]",
                "[[" + values + "]]",
                "{\"sepal_length\":[" + lists + "]}",
                "{\"unknown\":[" + lists + "]}",
                "\"" + "s".repeat(2 << 20) + "\"")) {
            assertThat(allocatedInRefusing("application/json", body)).isLessThan(1 << 20);
        }
        for (String body : List.of(values, "0\n".repeat(1_000_000), "\"" + "s".repeat(2 << 20) + "\",1,2,3")) {
            assertThat(allocatedInRefusing("text/csv", body)).isLessThan(4 << 20);
        }
    }

    private long allocatedInRefusing(String contentType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (TensorLease content = pool.allocate(DataType.UINT8, Shape.of(bytes.length))) {
            MemorySegment.copy(bytes, 0, content.tensor().data(), ValueLayout.JAVA_BYTE, 0, bytes.length);
            TaskForm.Body given = new TaskForm.Body(contentType, null, content, () -> {});
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> iris.decode(given, pool)).isInstanceOf(FailureException.class);
            return threads.getCurrentThreadAllocatedBytes() - before;
        }
    }

    @Test
    void manyAnswersNeverStandSideBySide() {
        NamedTensor outputs = Forms.floats("probabilities", pool, Shape.of(2, 3), 1, 0, 0, 0, 1, 0);
        try (InferenceResponse response = Forms.response(outputs)) {
            Object predictions = iris.encode(new TaskForm.Decoded(List.of(), 2, true), response, Map.of())
                    .get("predictions");
            Elements.set(outputs.tensor(), 3, 1);
            Elements.set(outputs.tensor(), 4, 0);
            assertThat(Json.write(predictions))
                    .startsWith("[{\"class\":\"setosa\"")
                    .contains("},{\"class\":\"setosa\"");
        }
    }

    @Test
    void takesTextOfManyRows() {
        TaskForm notes = form(
                Task.TABULAR_REGRESSION,
                List.of(),
                List.of("a", "b"),
                List.of(spec("text", DataType.BYTES, BATCH, dim(2))),
                List.of(spec("y", DataType.FP32, BATCH, dim(1))),
                Map.of());
        List<List<String>> rows = IntStream.range(0, 5_000)
                .mapToObj(i -> List.of("a" + i, "\u00e4".repeat(i % 50)))
                .toList();
        String expected = "text BYTES[5000,2] " + Json.write(rows);
        assertThat(text(json(notes, Json.write(rows), pool))).isEqualTo(expected);
        String csv = rows.stream().map(row -> String.join(",", row) + "\n").collect(Collectors.joining());
        assertThat(text(Forms.decode(notes, "text/csv", csv, pool))).isEqualTo(expected);
    }

    @Test
    void refusesCsvThatIsBroken() {
        for (String csv : List.of("\"1,2,3,4", "1,2,3,4\"", "\"1\"x,2,3,4")) {
            assertThat(Forms.refused(() -> Forms.decode(iris, "text/csv", csv, pool))
                            .malformed())
                    .isTrue();
        }
        byte[] notText = {(byte) 0xFF, ',', '1'};
        assertThat(Forms.refused(() -> Forms.decode(iris, "text/csv", null, notText, pool))
                        .malformed())
                .isTrue();
        assertThat(faults(() -> Forms.decode(iris, "text/csv", "sepal_length,sepal_length\n1,2\n", pool)))
                .containsExactly(
                        "line 1: expected each column once, got 'sepal_length' twice",
                        "line 1, sepal_width: required, got no such column",
                        "line 1, petal_length: required, got no such column",
                        "line 1, petal_width: required, got no such column");
    }

    @Test
    void takesOneRowWhereTheGraphDoes() {
        assertThat(text(json(iris(dim(1)), "[[1,2,3,4]]", pool))).isEqualTo("features FP32[1,4] [[1.0,2.0,3.0,4.0]]");
        assertThat(faults(() -> json(iris(dim(1)), "[[1,2,3,4],[1,2,3,4]]", pool)))
                .containsExactly("body: expected one instance per request, as input 'features' is FP32[1,4],"
                        + " got 2 instances");
        TaskForm flat = form(
                Task.TABULAR_REGRESSION,
                List.of(),
                List.of(),
                List.of(spec("x", DataType.FP64, dim(2))),
                List.of(spec("y", DataType.FP64, dim(1))),
                Map.of());
        assertThat(text(json(flat, "[1,0.1]", pool))).isEqualTo("x FP64[2] [1.0,0.1]");
        assertThat(faults(() -> json(flat, "[[1,2],[3,4]]", pool)))
                .containsExactly("body: expected one instance per request, as input 'x' is FP64[2], got 2 instances");
        assertThat(faults(() -> json(flat, "{\"a\":1}", pool)))
                .containsExactly("body: expected a list of 2 values, as the model names no columns, got an object");
    }

    @Test
    void fillsOneInputPerColumn() {
        TaskForm mixed = form(
                Task.TABULAR_REGRESSION,
                List.of(),
                List.of(),
                List.of(
                        spec("age", DataType.INT64, BATCH, dim(1)),
                        spec("city", DataType.BYTES, BATCH, dim(1)),
                        spec("member", DataType.BOOL, BATCH)),
                List.of(spec("y", DataType.FP32, BATCH, dim(1))),
                Map.of());
        assertThat(text(json(mixed, "[{\"age\":40,\"city\":\"Köln\",\"member\":true},[7,\"Bonn\",false]]", pool)))
                .isEqualTo("age INT64[2,1] [[40],[7]]; city BYTES[2,1] [[\"Köln\"],[\"Bonn\"]]; member BOOL[2]"
                        + " [true,false]");
        assertThat(text(Forms.decode(
                        mixed, "text/csv", "city,member,age\n\"a \"\"b\"\"\",true,9223372036854775807\n", pool)))
                .isEqualTo("age INT64[1,1] [[9223372036854775807]]; city BYTES[1,1] [[\"a \\\"b\\\"\"]]; member BOOL[1]"
                        + " [true]");
        assertThat(faults(() -> json(mixed, "[40.0,5,1]", pool)))
                .containsExactly(
                        "age: expected a whole number, got 40.0",
                        "city: expected text, got 5",
                        "member: expected true or false, got 1");
    }

    @Test
    void roundsANumberOnceOnly() {
        String justAboveTheMiddle = "1.0000000596046448";
        TaskForm one = form(
                Task.TABULAR_REGRESSION,
                List.of(),
                List.of("x"),
                List.of(spec("x", DataType.FP32, BATCH, dim(1))),
                List.of(spec("y", DataType.FP32, BATCH, dim(1))),
                Map.of());
        assertThat(text(json(one, "[" + justAboveTheMiddle + "]", pool)))
                .isEqualTo("x FP32[1,1] [[" + Float.parseFloat(justAboveTheMiddle) + "]]");
    }

    @Test
    void answersAClassWithItsProbabilities() {
        assertThat(Forms.answer(
                        iris,
                        1,
                        false,
                        Map.of(),
                        Forms.floats("probabilities", pool, Shape.of(1, 3), 0.01, 0.97, 0.02)))
                .isEqualTo("{\"class\":\"versicolor\",\"confidence\":0.97,"
                        + "\"probabilities\":{\"setosa\":0.01,\"versicolor\":0.97,\"virginica\":0.02}}");
        assertThat(Forms.answer(
                        iris,
                        2,
                        true,
                        Map.of("top", "1"),
                        Forms.floats("probabilities", pool, Shape.of(2, 3), 0.25, 0.5, 0.25, 1, 0, 0)))
                .isEqualTo("{\"predictions\":["
                        + "{\"class\":\"versicolor\",\"confidence\":0.5,\"probabilities\":{\"versicolor\":0.5}},"
                        + "{\"class\":\"setosa\",\"confidence\":1.0,\"probabilities\":{\"setosa\":1.0}}]}");
        assertThat(faults(() -> Forms.answer(
                        iris,
                        1,
                        false,
                        Map.of("top", "0"),
                        Forms.floats("probabilities", pool, Shape.of(1, 3), 0, 0, 1))))
                .containsExactly("query.top: expected a whole number from 1, got '0'");
    }

    @Test
    void callsScoresWhatAreNoProbabilities() {
        assertThat(Forms.answer(
                        iris, 1, false, Map.of(), Forms.floats("probabilities", pool, Shape.of(1, 3), -1, 4.5, 2)))
                .isEqualTo("{\"class\":\"versicolor\",\"score\":4.5,"
                        + "\"scores\":{\"setosa\":-1.0,\"versicolor\":4.5,\"virginica\":2.0}}");
    }

    @Test
    void answersWithTheLabelAndTheMapOfAClassifier() {
        TaskForm zipMap = form(
                Task.TABULAR_CLASSIFICATION,
                List.of(),
                COLUMNS,
                List.of(spec("features", DataType.FP32, BATCH, dim(4))),
                List.of(
                        spec("output_label", DataType.INT64, BATCH),
                        spec("output_probability", DataType.FP32, BATCH, dim(2)),
                        spec("output_probability.keys", DataType.INT64, BATCH, dim(2))),
                Map.of());
        assertThat(Forms.answer(
                        zipMap,
                        2,
                        true,
                        Map.of(),
                        Forms.numbers("output_label", DataType.INT64, pool, Shape.of(2), 7, 3),
                        Forms.floats("output_probability", pool, Shape.of(2, 2), 0.25, 0.75, 0.5, 0.5),
                        Forms.numbers("output_probability.keys", DataType.INT64, pool, Shape.of(2, 2), 3, 7, 3, 7)))
                .isEqualTo("{\"predictions\":["
                        + "{\"class\":\"7\",\"confidence\":0.75,\"probabilities\":{\"3\":0.25,\"7\":0.75}},"
                        + "{\"class\":\"3\",\"confidence\":0.5,\"probabilities\":{\"3\":0.5,\"7\":0.5}}]}");
        TaskForm labelled = form(
                Task.TABULAR_CLASSIFICATION,
                List.of(),
                COLUMNS,
                List.of(spec("features", DataType.FP32, BATCH, dim(4))),
                List.of(spec("label", DataType.BYTES, BATCH)),
                Map.of());
        assertThat(Forms.answer(labelled, 1, false, Map.of(), Forms.strings("label", pool, Shape.of(1), "setosa")))
                .isEqualTo("{\"class\":\"setosa\"}");
    }

    @Test
    void decidesBetweenTwoByAThreshold() {
        TaskForm binary = form(
                Task.TABULAR_CLASSIFICATION,
                List.of("benign", "malignant"),
                COLUMNS,
                List.of(spec("features", DataType.FP32, BATCH, dim(4))),
                List.of(spec("logit", DataType.FP32, BATCH, dim(1))),
                Map.of("class", new Manifest.Output("logit", List.of(step("sigmoid"), step("threshold", 0.2)))));
        assertThat(Forms.answer(binary, 1, false, Map.of(), Forms.floats("logit", pool, Shape.of(1, 1), -Math.log(3))))
                .isEqualTo("{\"class\":\"malignant\",\"confidence\":0.25,"
                        + "\"probabilities\":{\"benign\":0.75,\"malignant\":0.25}}");
    }

    private static TaskForm classes(StepSpec... steps) {
        return form(
                Task.TABULAR_CLASSIFICATION,
                SPECIES,
                COLUMNS,
                List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                List.of(spec("p", DataType.FP32, BATCH, dim(3))),
                Map.of("class", new Manifest.Output("p", List.of(steps))));
    }

    private String answer(TaskForm form) {
        return Forms.answer(form, 1, false, Map.of(), Forms.floats("p", pool, Shape.of(1, 3), 0.25, 0.5, 0.25));
    }

    @Test
    void namesClassesAsALabelStepDoes() {
        StepSpec label = new StepSpec("label", Map.of("labels", List.of("a", "b", "c")));
        assertThat(answer(classes(step("argmax"), label)))
                .isEqualTo("{\"class\":\"b\",\"confidence\":0.5,\"probabilities\":{\"a\":0.25,\"b\":0.5,\"c\":0.25}}");
    }

    @Test
    void showsAsManyClassesAsATopStepSays() {
        assertThat(answer(classes(step("top", 1))))
                .isEqualTo("{\"class\":\"versicolor\",\"confidence\":0.5,\"probabilities\":{\"versicolor\":0.5}}");
    }

    @Test
    void refusesAThresholdAmongManyClasses() {
        assertThatThrownBy(() -> classes(step("threshold", 0.2)))
                .hasMessage("output 'class': threshold decides between two classes, the model gives 3 scores");
    }

    @Test
    void doesAllStepsOfWhatIsNoScores() {
        StepSpec label = new StepSpec("label", Map.of("labels", List.of("low", "high")));
        TaskForm beside = form(
                Task.TABULAR_CLASSIFICATION,
                SPECIES,
                COLUMNS,
                List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                List.of(spec("p", DataType.FP32, BATCH, dim(3)), spec("risk", DataType.FP32, BATCH)),
                Map.of(
                        "class",
                        new Manifest.Output("p", List.of()),
                        "risk",
                        new Manifest.Output("risk", List.of(step("threshold", 0.5), label))));
        assertThat(Forms.answer(
                        beside,
                        1,
                        false,
                        Map.of("top", "1"),
                        Forms.floats("p", pool, Shape.of(1, 3), 0.25, 0.5, 0.25),
                        Forms.floats("risk", pool, Shape.of(1), 0.7)))
                .isEqualTo("{\"class\":\"versicolor\",\"confidence\":0.5,"
                        + "\"probabilities\":{\"versicolor\":0.5},\"risk\":\"high\"}");
        TaskForm regression = form(
                Task.TABULAR_REGRESSION,
                List.of(),
                COLUMNS,
                List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                List.of(spec("y", DataType.FP32, BATCH, dim(3))),
                Map.of("best", new Manifest.Output("y", List.of(step("argmax")))));
        assertThat(Forms.answer(regression, 1, false, Map.of(), Forms.floats("y", pool, Shape.of(1, 3), 1, 3, 2)))
                .isEqualTo("{\"best\":1}");
    }

    @Test
    void answersValues() {
        TaskForm one = form(
                Task.TABULAR_REGRESSION,
                List.of(),
                COLUMNS,
                List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                List.of(spec("y", DataType.FP32, BATCH, dim(1))),
                Map.of());
        assertThat(Forms.answer(one, 1, false, Map.of(), Forms.floats("y", pool, Shape.of(1, 1), 131.2)))
                .isEqualTo("{\"value\":131.2}");
        assertThat(Forms.answer(one, 2, true, Map.of(), Forms.floats("y", pool, Shape.of(2), 1, 2)))
                .isEqualTo("{\"predictions\":[{\"value\":1.0},{\"value\":2.0}]}");
        assertThat(Forms.answer(one, 1, false, Map.of(), Forms.floats("y", pool, Shape.of(1, 2), 1, 2)))
                .isEqualTo("{\"values\":[1.0,2.0]}");
        assertThatThrownBy(() -> Forms.answer(one, 2, true, Map.of(), Forms.floats("y", pool, Shape.of(3), 1, 2, 3)))
                .extracting("failure")
                .isInstanceOf(Failure.ModelFailed.class);
    }

    @Test
    void saysWhichStepDoesNotFollow() {
        assertThatThrownBy(() -> form(
                        Task.TABULAR_CLASSIFICATION,
                        SPECIES,
                        COLUMNS,
                        List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                        List.of(spec("y", DataType.FP32, BATCH, dim(3))),
                        Map.of(
                                "class",
                                new Manifest.Output("y", List.of(step("softmax"), step("argmax"), step("top"))))))
                .hasMessage("output 'class', step 3 'top': top takes one row of numbers, INT64[] given");
        assertThatThrownBy(() -> form(
                        Task.TABULAR_CLASSIFICATION,
                        SPECIES,
                        COLUMNS,
                        List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                        List.of(spec("y", DataType.FP32, BATCH, dim(3))),
                        Map.of("class", new Manifest.Output("y", List.of(step("sofmax"))))))
                .hasMessage("output 'class', step 1 'sofmax': there is no step 'sofmax', did you mean 'softmax'?");
        assertThatThrownBy(() -> form(
                        Task.TABULAR_CLASSIFICATION,
                        List.of("a", "b"),
                        COLUMNS,
                        List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                        List.of(spec("y", DataType.FP32, BATCH, dim(3))),
                        Map.of()))
                .hasMessage("2 labels given, the model gives 3 scores");
        assertThatThrownBy(() -> form(
                        Task.TABULAR_CLASSIFICATION,
                        SPECIES,
                        List.of("a"),
                        List.of(spec("x", DataType.FP32, BATCH, dim(4))),
                        List.of(spec("y", DataType.FP32, BATCH, dim(3))),
                        Map.of()))
                .hasMessage("1 columns given, input 'x' takes 4");
    }

    @Test
    void showsAnExampleThatSucceeds() {
        assertThat(text(json(iris, Json.write(iris.example()), pool)))
                .isEqualTo("features FP32[1,4] [[0.5,0.5,0.5,0.5]]");
        assertThat(Json.write(iris.requestSchema())).contains("\"additionalProperties\":false");
        assertThat(Json.write(iris.responseSchema())).contains("predictions");
    }
}
