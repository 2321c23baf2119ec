package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.testing.CountingPool;
import dev.slipway.testing.onnx.BackendCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** ONNX's backend cases, each model deployed by its file and asked over V2 with binary tensors both ways. */
@Tag("long")
class OnnxBackendOverV2Test {

    private static final String RECORDED = "fetched/onnx/backend/";

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    @TempDir
    Path folder;

    @Test
    void everyCaseThatIsRecordedAsPassingPassesOrIsKnown() throws Exception {
        Map<String, String> recorded = tsv(Material.folder("onnx-backend-results-onnxruntime-1.30.tsv"));
        Map<String, String> known = tsv(Path.of("src/test/resources/onnx-backend-known.tsv"));
        List<BackendCase> cases =
                BackendCase.unpack(Material.folder("fetched/onnx/backend.tar.gz"), folder.resolve("cases"));
        List<String> report = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        try (LocalServer server = new LocalServer(folder.resolve("home"));
                V2Client client = new V2Client(server.port())) {
            for (BackendCase one : cases) {
                String then = recorded.getOrDefault(RECORDED + one.name(), "absent");
                Optional<String> problem = problem(server, client, one);
                report.add(String.join("\t", one.name(), then, problem.orElse("pass")));
                if (then.equals("pass") && problem.isPresent() != known.containsKey(one.name())) {
                    unexpected.add(one.name() + ": " + problem.orElse("passes, yet it is listed as known to fail"));
                }
                server.requireNoLiveLease();
            }
        }
        Files.write(Path.of("target", "onnx-backend-over-v2.tsv"), report);
        assertThat(unexpected).isEmpty();
    }

    private Optional<String> problem(LocalServer server, V2Client client, BackendCase one) throws Exception {
        try {
            server.deploy(one.model(), "case");
            return difference(client, one);
        } catch (FailureException e) {
            return Optional.of(
                    "refused: " + e.failure().code() + ": " + plain(e.failure().detail()));
        } catch (IOException e) {
            return Optional.of("answered: " + plain(String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            return Optional.of("data: " + plain(String.valueOf(e.getMessage())));
        } finally {
            server.remove("case");
        }
    }

    private Optional<String> difference(V2Client client, BackendCase one) throws IOException, InterruptedException {
        List<V2Tensor> inputs = wire(one.inputs(client.names("case", "inputs"), pool));
        List<V2Tensor> expected = wire(one.expected(client.names("case", "outputs"), pool));
        Map<String, V2Tensor> outputs =
                client.infer("case", inputs).stream().collect(Collectors.toMap(V2Tensor::name, output -> output));
        for (V2Tensor wanted : expected) {
            V2Tensor given = outputs.get(wanted.name());
            Optional<String> difference =
                    given == null ? Optional.of("is missing") : given.difference(wanted, 1e-3, 1e-5);
            if (difference.isPresent()) {
                return Optional.of("output '" + wanted.name() + "' " + difference.get());
            }
        }
        return Optional.empty();
    }

    private static List<V2Tensor> wire(List<NamedTensor> tensors) {
        try {
            return tensors.stream().map(V2Tensor::of).toList();
        } finally {
            NamedTensor.closeAll(tensors);
        }
    }

    private static String plain(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private static Map<String, String> tsv(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.split("\t", 3))
                .collect(Collectors.toMap(cells -> cells[0], cells -> cells[1]));
    }
}
