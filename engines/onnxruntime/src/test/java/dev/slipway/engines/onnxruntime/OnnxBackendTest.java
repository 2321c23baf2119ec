package dev.slipway.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.Cancellation;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.Session;
import dev.slipway.testing.Answers;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.BackendCase;
import dev.slipway.testing.onnx.Closeness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** ONNX's backend test suite through the engine, beside what was recorded of ONNX Runtime 1.30. */
@Tag("long")
class OnnxBackendTest {

    private static final Closeness CLOSE = new Closeness(1e-3, 1e-5);
    private static final String RECORDED = "fetched/onnx/backend/";

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    @Test
    void everyCaseThatIsRecordedAsPassingPassesOrIsKnown() throws IOException {
        String property = System.getProperty("slipway.material", "");
        assumeTrue(
                !property.isEmpty() && Files.isDirectory(Path.of(property)),
                "-Dslipway.material=FOLDER, the folder with the ONNX backend cases, is not given");
        Path material = Path.of(property);
        Map<String, String> recorded =
                tsv(Files.readAllLines(material.resolve("onnx-backend-results-onnxruntime-1.30.tsv")));
        Map<String, String> known = tsv(Files.readAllLines(Path.of("src/test/resources/onnx-backend-known.tsv")));
        List<String> report = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        try (Engine engine = new OnnxRuntimeProvider().start(pool)) {
            for (BackendCase one : BackendCase.unpack(material.resolve("fetched/onnx/backend.tar.gz"), folder)) {
                Optional<String> problem = problem(engine, one);
                String then = recorded.getOrDefault(RECORDED + one.name(), "absent");
                report.add(String.join("\t", one.name(), then, problem.orElse("pass")));
                if (then.equals("pass") && problem.isPresent() != known.containsKey(one.name())) {
                    unexpected.add(one.name() + ": " + problem.orElse("passes, yet it is listed as known to fail"));
                }
            }
        }
        Files.write(Path.of("target", "onnx-backend.tsv"), report);
        assertThat(unexpected).isEmpty();
    }

    private Optional<String> problem(Engine engine, BackendCase one) {
        try (Session session = engine.open(one.model(), Settings.DEFAULT, new Cancellation())) {
            List<NamedTensor> inputs = one.inputs(session.signature(), pool);
            List<NamedTensor> expected;
            try {
                expected = one.expected(session.signature(), pool);
            } catch (RuntimeException e) {
                NamedTensor.closeAll(inputs);
                throw e;
            }
            try {
                List<String> names = expected.stream().map(NamedTensor::name).toList();
                return compare(session, inputs, expected, names);
            } finally {
                NamedTensor.closeAll(expected);
            }
        } catch (FailureException e) {
            return Optional.of(e.failure().code() + ": " + e.failure().detail().replaceAll("\\s+", " "));
        } catch (IllegalArgumentException e) {
            return Optional.of("data: " + e.getMessage());
        }
    }

    private static Optional<String> compare(
            Session session, List<NamedTensor> inputs, List<NamedTensor> expected, List<String> names) {
        try (Answers answers = Answers.of(session, names, new Cancellation(), inputs.toArray(NamedTensor[]::new))) {
            for (NamedTensor wanted : expected) {
                Optional<String> difference = CLOSE.difference(wanted.tensor(), answers.output(wanted.name()));
                if (difference.isPresent()) {
                    return difference.map(text -> "output '" + wanted.name() + "': " + text);
                }
            }
            return Optional.empty();
        }
    }

    private static Map<String, String> tsv(List<String> lines) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : lines) {
            String[] cells = line.split("\t", 3);
            values.put(cells[0], cells[1]);
        }
        return values;
    }
}
