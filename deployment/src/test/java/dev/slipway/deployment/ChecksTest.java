package dev.slipway.deployment;

import static dev.slipway.deployment.Yard.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.serving.VersionState;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of a package refuse a version that does not hold what it promises. */
class ChecksTest {

    private static final String GOLDEN = "checks: {golden: golden.jsonl}\n";

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    private Yard yard;

    @BeforeEach
    void open() {
        yard = new Yard(folder, pool);
    }

    @AfterEach
    void close() {
        yard.close();
    }

    private Path golden(String name, String... lines) throws IOException {
        Path path = yard.checked(name, 2, GOLDEN);
        Files.writeString(path.resolve("golden.jsonl"), String.join("\n", lines));
        return path;
    }

    private Failure.BadInput refused(Path path) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> yard.deploy(path));
        assertThat(yard.deployments.models()).isEmpty();
        return (Failure.BadInput) refused.failure();
    }

    @Test
    void recordedAnswersPass() throws IOException {
        DeployResult result = yard.deploy(golden(
                "right",
                "{\"input\": {\"inputs\": {\"x\": [[1, 2]]}}, \"output\": {\"outputs\": {\"y\": [[2, 4]]}}}",
                "",
                "{\"input\": {\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": [1, 2],"
                        + " \"data\": [1, 2]}]}, \"output\": {\"outputs\": [{\"name\": \"y\", \"datatype\": \"FP32\","
                        + " \"shape\": [1, 2], \"data\": [[2, 4]]}]}}"));

        assertThat(result.checks())
                .containsExactly(new DeployResult.Check("golden", true, "2 answers of golden.jsonl as recorded"));
    }

    @Test
    void aDifferenceNamesLineFieldExpectedGivenAndTolerance() throws IOException {
        Failure.BadInput failure = refused(golden(
                "wrong",
                "{\"input\": {\"inputs\": {\"x\": [[1, 2]]}}, \"output\": {\"outputs\": {\"y\": [[2, 4]]}}}",
                "{\"input\": {\"inputs\": {\"x\": [[1, 2]]}}, \"output\": {\"outputs\": {\"y\": [[2, 5]]}},"
                        + " \"atol\": 0.5}"));

        assertThat(failure.detail()).contains("1 of 2 answers of golden.jsonl differs from the recorded one ");
        assertThat(failure.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.path()).containsExactly("golden.jsonl", "line 2", "output", "outputs", "y", 0L, 1L);
            assertThat(fault.rule()).isEqualTo("5 within 0.5 + 1.0E-4 * |5|");
            assertThat(fault.given()).startsWith("4");
        });
    }

    @Test
    void aLineThatCannotBeAskedIsADifference() throws IOException {
        Failure.BadInput failure = refused(golden(
                "unaskable", "{\"input\": {\"inputs\": {\"z\": [[1, 2]]}}, \"output\": {\"outputs\": {\"y\": []}}}"));

        assertThat(failure.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.given()).contains("z"));
    }

    @Test
    void aLineThatIsNoJsonIsNamed() throws IOException {
        assertThat(refused(golden("broken", "{\"input\": ")).detail()).startsWith("golden.jsonl, line 1: ");
        assertThat(refused(golden("unknown", "{\"input\": [], \"out\": 1}")).detail())
                .isEqualTo("golden.jsonl, line 1: unknown key 'out', known are input, output, atol and rtol");
    }

    @Test
    void anInputIsReadWhereItLies() throws IOException {
        Path file = Files.writeString(
                folder.resolve("golden.jsonl"), "{\"input\": [" + "0.5,".repeat(2_000_000) + "1], \"output\": [1]}");
        ThreadMXBean thread = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

        long before = thread.getCurrentThreadAllocatedBytes();
        assertThat(GoldenLine.read(file, Arena.ofAuto())).hasSize(1);
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(2_000_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[%s1]", "{'outputs': [{'name': 'y', 'data': [%s1]}]}", "{'outputs': {'y': {'a': [[%s1]]}}}"})
    void anAnswerOfMoreValuesThanAreComparedIsRefused(String output) throws IOException {
        String million = "1,".repeat(GoldenLine.MOST_VALUES);

        assertThat(refused(golden("long", line(output.formatted(million), ""))).detail())
                .contains("golden.jsonl, line 1: a document may have 1000000 values, there are more at byte 20");
    }

    @Test
    void anAnswerOfTheModelThatIsTooLongToCompareIsADifference() throws IOException {
        int rows = GoldenLine.MOST_VALUES / 2 + 1;
        String input = "{'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [" + rows + ", 2], 'data': ["
                + "1,".repeat(2 * rows - 1) + "1]}]}";
        String line = ("{'input': " + input + ", 'output': {'outputs': {'y': [[2, 2]]}}}").replace('\'', '"');

        assertThat(refused(golden("long", line)).faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.given())
                        .contains("the answer has 1000002 values, at most 1000000 are compared"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'outputs': [{'nmae': 'y', 'data': [3, 6]}]}            | each of 'outputs' needs 'name' and 'data'",
                "{'outputs': [{'name': 'y', 'dat': [3, 6]}]}             | each of 'outputs' needs 'name' and 'data'",
                "{'outputs': [{'name': 'y', 'data': 3}]}                 | each of 'outputs' needs 'name' and 'data'",
                "{'outputs': [{'name': 'y', 'data': [2, 4], 'shap': []}]} | got 'shap'",
                "{'outputs': [{'name': 'y', 'data': [2, 4]}, {'name': 'y', 'data': [2, 4]}]} | 'y' comes twice",
                "{'outputs': [{'name': 'z', 'data': [2, 4]}]}            | nothing",
                "{'outputs': [{'name': 'y', 'data': [2]}]}               | 1 element, got 2",
                "{'outputs': {'y': [[2]]}}                               | 1 element, got 2",
                "{'outputs': {}}                                         | expects nothing",
                "{}                                                      | expects nothing",
                "{'outputs': {'y': {}}}                                  | expects nothing",
            })
    void whatCannotBeMetIsRefused(String output, String why) throws IOException {
        assertThat(refused(golden("typo", line(output, ""))).detail()).contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'atol': -1", "'rtol': 1e999", "'atol': '1'", "'atol': true"})
    void tolerancesThatAllowAnythingAreRefused(String tolerance) throws IOException {
        assertThat(refused(golden("lax", line("{'outputs': {'y': [[3, 3]]}}", ", " + tolerance)))
                        .detail())
                .startsWith("golden.jsonl, line 1: ");
    }

    @Test
    void anAnswerThatIsNoNumberMeetsNoNumber() throws IOException {
        Path path = yard.checked("nan", Float.NaN, GOLDEN);
        Files.writeString(path.resolve("golden.jsonl"), line("{'outputs': {'y': [[2, 4]]}}", ""));
        assertThat(refused(path).detail()).contains("1 of 1 answer of golden.jsonl differs from the recorded one ");
    }

    @Test
    void aCheckWithoutAValueIsNoCheckLeftOut() {
        assertThat(refused(yard.checked("blank", 2, "checks:\n  golden:\n")).detail())
                .contains("model.yaml, line 2", "must be given");
    }

    private static String line(String output, String more) {
        return ("{'input': {'inputs': {'x': [[1, 2]]}}, 'output': " + output + more + "}").replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b,wrong;1,2,1        | there is no column 'right'",
                "a,right,right;1,2,1    | there are two columns 'right'",
                "a,b,right              | at least one row",
                "a,b,right;1,2          | row 1 has 2 columns, the header 3",
                "a,b,right;1,\"2,1     | does not end",
            })
    void heldOutRowsMustBeATable(String rows, String why) throws IOException {
        Path path = yard.checked("table", 2, "checks: {accuracy: {data: test.csv, label: right, at_least: 0}}\n");
        Files.writeString(path.resolve("test.csv"), rows.replace(';', '\n'));
        assertThat(refused(path).detail())
                .startsWith("checks.accuracy: test.csv")
                .contains(why);
    }

    @Test
    void labelsThatAreNumbersAreNamesAndNoPlaces() throws IOException {
        Path path = yard.checked(
                "numbers",
                2,
                "labels: [\"1\", \"0\"]\nchecks: {accuracy: {data: test.csv, label: right, at_least: 1}}\n");
        Files.writeString(path.resolve("test.csv"), "a,b,right\n1,2,1\n2,1,0\n");
        assertThat(refused(path).detail()).contains("accuracy: 0.00000 on 2 rows");
    }

    @Test
    void accuracyIsCountedOnHeldOutRows() throws IOException {
        Path path = yard.checked("counted", 2, "checks: {accuracy: {data: test.csv, label: right, at_least: 0.7}}\n");
        Files.writeString(path.resolve("test.csv"), "\ufeffa,b,right\r\n1,2,1\n5,2,0\n1,0,0\n0,1,0\n");

        DeployResult result = yard.deploy(path);

        assertThat(result.checks())
                .containsExactly(
                        new DeployResult.Check("accuracy", true, "0.75000 on 4 rows of test.csv, at least 0.7 wanted"));
    }

    @Test
    void tooLittleAccuracyRefuses() throws IOException {
        Path path = yard.checked("poor", 2, "checks: {accuracy: {data: test.csv, label: right, at_least: 0.9}}\n");
        Files.writeString(path.resolve("test.csv"), "a,b,right\n1,2,1\n5,2,1\n");

        assertThat(refused(path).detail()).contains("accuracy: 0.50000 on 2 rows of test.csv, at least 0.9 wanted");
    }

    @Test
    void heldOutRowsThatAreNoNumbersNameTheirPlace() throws IOException {
        Path path = yard.checked("worded", 2, "checks: {accuracy: {data: test.csv, label: right, at_least: 0.9}}\n");
        Files.writeString(path.resolve("test.csv"), "a,b,right\n1,2,1\n5,two,1\n");

        assertThat(refused(path).detail())
                .isEqualTo("checks.accuracy: test.csv, row 2, b: expected a number, got the string \"two\"");
    }

    @Test
    void latencyIsMeasuredOverManyRuns() {
        Path path = yard.checked("quick", 2, "checks: {latency: {p99: 60s, batch: 4}}\n");

        assertThat(yard.deploy(path).checks()).singleElement().satisfies(check -> {
            assertThat(check.name()).isEqualTo("latency");
            assertThat(check.passed()).isTrue();
            assertThat(check.detail()).contains("of 4 rows, at most 60000.0 ms wanted");
        });
    }

    @Test
    void aVersionThatDoesNotAnswerItsWarmUpInTimeIsRefused() {
        Path path = yard.checked("slow", 2, "settings: {timeout: 1ns}\n");

        assertThat(refused(path).detail())
                .isEqualTo("the warm-up run did not end: model 'times' version 1 gave no answer within 0 ms;"
                        + " a version that cannot answer in time does not serve: give it a longer timeout");
    }

    /** A package of a model that sums up zeros, as many as the shape says, and adds x. */
    private Path zeros(String name, String settings, long... shape) throws IOException {
        DeclaredShape rows = DeclaredShape.of(Dimension.of("batch"), Dimension.of(2));
        Path path = Files.createDirectories(yard.sources().resolve(name));
        new OnnxModel()
                .input("x", DataType.FP32, rows)
                .output("y", DataType.FP32, rows)
                .initializer("shape", OnnxTensor.longs(Shape.of(shape.length), shape))
                .node("ConstantOfShape", List.of("shape"), List.of("zeros"))
                .node(OnnxNode.of("ReduceSum", List.of("zeros"), List.of("sum")).with("keepdims", 0))
                .node("Add", List.of("x", "sum"), List.of("y"))
                .write(path.resolve("zeros.onnx"));
        Files.writeString(path.resolve("model.yaml"), settings);
        return path;
    }

    @Test
    void aVersionThatNeedsMoreMemoryThanItsLimitForTheSmallestInputIsRefused() throws IOException {
        assertThat(refused(zeros("endless", "", 200_000, 200_000)).detail())
                .startsWith("the warm-up run failed: ")
                .contains("memory_limit of 1GiB", "160000000000")
                .endsWith("; a version that cannot answer does not serve: give it a larger memory_limit");
        assertThat(refused(zeros("tight", "settings: {memory_limit: 16MiB}\n", 10_000_000))
                        .detail())
                .contains("memory_limit of 16MiB");
        assertThat(yard.deploy(zeros("roomy", "settings: {memory_limit: 64MiB}\n", 10_000_000))
                        .version()
                        .state())
                .isEqualTo(VersionState.READY);
    }

    @Test
    void aModelThatFailsOnMadeUpInputIsServedAndSaysSo() throws IOException {
        DeclaredShape some = DeclaredShape.of(Dimension.of("n"));
        Path path = Files.createDirectories(yard.sources().resolve("picky"));
        new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(3))
                .input("shape", DataType.INT64, DeclaredShape.of(2))
                .output("y", DataType.FP32, some)
                .node("Reshape", List.of("x", "shape"), List.of("y"))
                .write(path.resolve("picky.onnx"));

        assertThat(yard.deploy(path).findings())
                .anySatisfy(
                        finding -> assertThat(finding.text()).startsWith("the warm-up run failed: the model failed"));
    }

    @Test
    void anAcceptedVersionComesBackWithoutItsChecks() throws IOException {
        yard.deploy(golden(
                "kept", "{\"input\": {\"inputs\": {\"x\": [[1, 2]]}}, \"output\": {\"outputs\": {\"y\": [[2, 4]]}}}"));

        yard = yard.again();

        assertThat(yard.answer()).isEqualTo(2);
        assertThat(yard.deployments.model(MODEL).version(1).loaded()).isNotNull();
    }
}
