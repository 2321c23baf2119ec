package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.slipway.testing.onnx.TarFile;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every ONNX file of the material, sent to a server as a person would: it serves and answers what was recorded, or it is
 * refused with a reason. Nothing ends in an internal error.
 */
@Tag("long")
class OnnxMaterialTest {

    @TempDir
    Path folder;

    @Test
    void everyFileServesOrIsRefusedWithAReason() throws Exception {
        List<String> report = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        try (LocalServer server = new LocalServer(folder.resolve("home"));
                V2Client client = new V2Client(server.port())) {
            for (Path file : files()) {
                String outcome = outcome(client, file);
                report.add(file.getFileName() + "\t" + file.getParent().getFileName() + "\t" + outcome);
                counts.merge(outcome.split(":", 2)[0], 1, Integer::sum);
                server.remove("m");
                server.requireNoLiveLease();
            }
        }
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target", "onnx-material.tsv"), report);
        assertThat(report).noneMatch(line -> line.contains("\twrong")).hasSizeGreaterThan(140);
        assertThat(counts).containsKeys("as recorded", "answers", "refused");
    }

    private List<Path> files() throws IOException {
        Path material = Material.folder("fetched");
        for (String archive : List.of("light", "ort", "vespa")) {
            TarFile.unpack(material.resolve("onnx/" + archive + ".tar.gz"), folder.resolve("unpacked"));
        }
        List<Path> files = new ArrayList<>();
        for (Path root : List.of(material.resolve("onnx"), material.resolve("malformed"), folder.resolve("unpacked"))) {
            try (Stream<Path> found = Files.walk(root)) {
                found.filter(path -> path.toString().endsWith(".onnx")).forEach(files::add);
            }
        }
        files.sort(null);
        return files;
    }

    private static String outcome(V2Client client, Path file) throws IOException, InterruptedException {
        HttpResponse<byte[]> deployed = client.send(
                "POST",
                "/api/v1/models/m/versions?filename=model.onnx",
                "application/octet-stream",
                Files.readAllBytes(file));
        if (deployed.statusCode() != 201) {
            JsonNode problem = client.json(deployed);
            String detail = problem.path("detail").asText().replaceAll("\\s+", " ");
            boolean reasoned = deployed.statusCode() != 500 && !detail.isEmpty() && !detail.contains("Exception:");
            return (reasoned ? "refused: " : "wrong: ") + deployed.statusCode() + " " + detail;
        }
        Path golden = file.resolveSibling(file.getFileName() + ".golden.npz");
        return Files.exists(golden) ? compared(client, Npz.read(golden)) : tried(client);
    }

    private static String compared(V2Client client, Npz golden) throws InterruptedException {
        try {
            Map<String, V2Tensor> given = client.infer("m", golden.inputs()).stream()
                    .collect(Collectors.toMap(V2Tensor::name, output -> output));
            for (V2Tensor expected : golden.outputs()) {
                V2Tensor output = given.get(expected.name());
                Optional<String> difference =
                        output == null ? Optional.of("is missing") : output.difference(expected, 1e-3, 1e-5);
                if (difference.isPresent()) {
                    return "differs: output '" + expected.name() + "' " + difference.get();
                }
            }
            return "as recorded:";
        } catch (IOException e) {
            return (String.valueOf(e.getMessage()).startsWith("500") ? "wrong: " : "answers: ") + e.getMessage();
        }
    }

    /** Asks with zeros of the smallest shape that the metadata allows; a refusal by the model's own rules is an answer. */
    private static String tried(V2Client client) throws IOException, InterruptedException {
        JsonNode metadata = client.json(client.send("GET", "/v2/models/m", "", new byte[0]));
        List<V2Tensor> inputs = new ArrayList<>();
        for (JsonNode input : metadata.get("inputs")) {
            inputs.add(zeros(input));
        }
        try {
            return "answers: " + client.infer("m", inputs).size() + " outputs";
        } catch (IOException e) {
            return "answers: " + e.getMessage();
        }
    }

    private static V2Tensor zeros(JsonNode input) {
        List<Long> shape = new ArrayList<>();
        long elements = 1;
        for (JsonNode dim : input.get("shape")) {
            shape.add(Math.max(1, dim.asLong()));
            elements *= shape.getLast();
        }
        String datatype = input.get("datatype").asText();
        int width = switch (datatype) {
            case "BOOL", "INT8", "UINT8" -> 1;
            case "INT16", "UINT16", "FP16", "BF16" -> 2;
            case "INT64", "UINT64", "FP64" -> 8;
            default -> 4;
        };
        return new V2Tensor(
                input.get("name").asText(),
                datatype,
                shape,
                ByteString.copyFrom(new byte[Math.toIntExact(elements * width)]));
    }
}
