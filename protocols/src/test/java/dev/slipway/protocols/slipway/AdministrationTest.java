package dev.slipway.protocols.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Shape;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.VersionRecord.FileRecord;
import dev.slipway.server.config.Limits;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the administration interface does and answers. */
class AdministrationTest extends SlipwayServed {

    private static byte[] times(float factor) {
        return new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(-1, 2))
                .output("y", DataType.FP32, DeclaredShape.of(-1, 2))
                .initializer("factor", OnnxTensor.floats(Shape.SCALAR, factor))
                .node("Mul", List.of("x", "factor"), List.of("y"))
                .toBytes();
    }

    private Answered upload(String query, byte[] model) {
        return send(
                "POST",
                "/api/v1/models/times/versions?filename=times.onnx" + query,
                model,
                "Content-Type",
                "application/octet-stream");
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aFileThatIsSentServesWhenItIsAnswered() {
        Answered created = upload("", times(2));

        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/api/v1/models/times/versions/1");
        assertThat(created.at("state")).isEqualTo("ready");
        assertThat(created.at("aliases")).isEqualTo(List.of("stable"));
        assertThat(created.at("signature", "inputs", 0, "name")).isEqualTo("x");
        assertThat(json("/predict/times", "{\"inputs\": {\"x\": [[1, 2]]}}").at("outputs", "y", 0, 1))
                .isEqualTo(4.0);
        assertThat(upload("", times(2)).status()).isEqualTo(200);
        assertThat(upload("&force=true", times(2)).at("version")).isEqualTo("2");
    }

    @Test
    void whatIsNoModelIsRefused() {
        Answered refused = upload("", new byte[] {1, 2, 3});

        assertThat(refused.status()).isIn(400, 422, 501);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(get("/api/v1/models").at("models")).isEqualTo(List.of());
        assertThat(upload("&colour=red", times(2)).at("errors", 0, "path")).isEqualTo(List.of("query", "colour"));
    }

    @Test
    void trafficMovesAndTheRevisionGuardsIt() {
        upload("", times(2));
        upload("", times(3));
        String seen = get("/api/v1/models/times").header("ETag");

        Answered moved = send("PUT", "/api/v1/models/times/endpoint", "{\"version\": \"1\"}", "If-Match", seen);
        assertThat(moved.status()).as(moved.text()).isEqualTo(200);
        assertThat(moved.at("stable")).isEqualTo("1");
        assertThat(moved.header("ETag")).isNotEqualTo(seen);

        Answered late = send("PUT", "/api/v1/models/times/endpoint", "{\"version\": \"2\"}", "If-Match", seen);
        assertThat(late.status()).isEqualTo(409);
    }

    @Test
    void settingsChangedAtTheSameTimeAreAllKept() {
        upload("", times(2));
        List<String> changes = List.of(
                "{\"instances\": 2}",
                "{\"intra_op_threads\": 2}",
                "{\"queue\": {\"size\": 77}}",
                "{\"optimization\": \"basic\"}",
                "{\"batching\": {\"max_size\": 5}}");

        changes.parallelStream()
                .forEach(change -> assertThat(send("PATCH", "/api/v1/models/times/versions/1/settings", change)
                                .status())
                        .isEqualTo(200));

        Answered settings = get("/api/v1/models/times/versions/1/settings");
        assertThat(settings.at("settings", "instances")).isEqualTo(2L);
        assertThat(settings.at("settings", "intra_op_threads")).isEqualTo(2L);
        assertThat(settings.at("settings", "queue", "size")).isEqualTo(77L);
        assertThat(settings.at("settings", "optimization")).isEqualTo("basic");
        assertThat(settings.at("settings", "batching", "max_size")).isEqualTo(5L);
    }

    @Test
    void aProblemNamesTheModelOfItsRoute() {
        assertThat(get("/api/v1/projects/models/models/nobody").at("model")).isEqualTo("nobody");
        assertThat(get("/api/v1/models/no%2Ebody").at("model")).isEqualTo("no.body");
        assertThat(get("/nothing/models/here").text()).doesNotContain("\"model\"");
        assertThat(get("/nothing").at("type")).isEqualTo("about:blank");
    }

    @Test
    void aVersionThatIsNotInMemoryIsThereButNotReady() {
        upload("", times(2));
        upload("&serve=false", times(3));

        assertThat(json("/predict/times/versions/2", "{\"inputs\": {\"x\": [[1, 2]]}}")
                        .status())
                .isEqualTo(503);
        assertThat(json("/predict/times/versions/3", "{\"inputs\": {\"x\": [[1, 2]]}}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aWeightedEndpointIsTakenWhole() {
        upload("", times(2));
        upload("", times(3));

        Answered split = send(
                "PUT",
                "/api/v1/models/times/endpoint",
                "{\"targets\": [{\"version\": \"1\", \"weight\": 9}, {\"version\": \"2\", \"weight\": 1}]}");

        assertThat(split.status()).as(split.text()).isEqualTo(200);
        assertThat(split.at("stable")).isNull();
        assertThat(split.at("endpoint", "targets", 0, "weight")).isEqualTo(9L);
    }

    @Test
    void anEndpointThatCannotBeMeantIsRefusedAndTrafficStays() {
        upload("", times(2));
        Map<String, Integer> refused = Map.of(
                "{\"targets\": []}", 422,
                "{\"targets\": [{\"version\": \"1\", \"weight\": 0}]}", 422,
                "{\"targets\": [{\"version\": \"1\"}, {\"version\": \"1\"}]}", 422,
                "{\"version\": \"1\", \"targets\": []}", 422,
                "{}", 422,
                "{\"version\": \"7\"}", 404,
                "{\"targets\": [{\"version\": \"1\"}, {\"version\": \"7\"}]}", 404,
                "{\"targets\": [{\"version\": \"1\"}], \"shadow\": \"7\"}", 404);

        refused.forEach((body, status) -> assertThat(
                        send("PUT", "/api/v1/models/times/endpoint", body).status())
                .as(body)
                .isEqualTo(status));

        assertThat(get("/api/v1/models/times").at("stable")).isEqualTo("1");
    }

    @Test
    void aliasesAreSetAndRemoved() {
        upload("", times(2));
        upload("&alias=canary", times(3));

        assertThat(get("/api/v1/models/times").at("aliases", "canary")).isEqualTo("2");
        assertThat(get("/api/v1/models/times").at("stable")).isEqualTo("1");
        assertThat(send("DELETE", "/api/v1/models/times/versions/2", "").status())
                .isEqualTo(409);
        assertThat(get("/api/v1/models/times/history").at("entries", 0, "aliases"))
                .isEqualTo(Map.of("canary", "2"));
        assertThat(send("DELETE", "/api/v1/models/times/aliases/canary", "").status())
                .isEqualTo(204);
        assertThat(send("DELETE", "/api/v1/models/times/versions/2", "").status())
                .isEqualTo(204);
        assertThat(get("/api/v1/models/times/versions/2").at("code")).isEqualTo("version-not-found");
    }

    @Test
    void rollbackGoesBackAndTheHistoryTells() {
        upload("", times(2));
        upload("", times(3));

        assertThat(send("POST", "/api/v1/models/times/rollback", "").at("stable"))
                .isEqualTo("1");
        assertThat(send("POST", "/api/v1/models/times/rollback", "").status()).isEqualTo(409);
        assertThat(send("POST", "/api/v1/models/times/rollback", "{\"back\": \"2\"}")
                        .status())
                .isEqualTo(422);

        Answered page = get("/api/v1/models/times/history?limit=2&verify=true");
        assertThat(page.at("entries", 0, "action")).isEqualTo("rollback");
        assertThat(page.at("entries", 1, "action")).isEqualTo("deploy");
        assertThat(page.at("chain", "intact")).isEqualTo(true);
        Answered rest = get("/api/v1/models/times/history?limit=2&page_token=" + page.at("next_page_token"));
        assertThat(rest.at("entries", 0, "seq")).isEqualTo(1L);

        String first = String.valueOf(rest.at("entries", 0, "time"));
        assertThat(get("/api/v1/models/times/history?at=" + first).at("version"))
                .isEqualTo("1");
        assertThat(get("/api/v1/models/times/history?at=yesterday").status()).isEqualTo(422);
    }

    @Test
    void settingsAreRevised() {
        upload("", times(2));
        String path = "/api/v1/models/times/versions/1/settings";

        Answered revised = send("PATCH", path, "{\"batching\": {\"max_size\": 8}}");

        assertThat(revised.status()).as(revised.text()).isEqualTo(200);
        assertThat(revised.at("revision")).isEqualTo(2L);
        assertThat(get(path).at("settings", "batching", "max_size")).isEqualTo(8L);
        assertThat(send("PUT", path, "{\"batchin\": {}}").status()).isEqualTo(422);
        assertThat(send("PUT", path, "{}").at("settings", "batching", "max_size"))
                .isEqualTo(32L);
    }

    @Test
    void aBlobComesInPartsAndAVersionIsMadeOfIt() throws NoSuchAlgorithmException {
        byte[] model = times(5);
        String path = "/api/v1/blobs/" + sha256(model);
        int half = model.length / 2;
        assertThat(send("HEAD", path, "").status()).isEqualTo(404);

        Answered part = send(
                "PUT", path, Arrays.copyOf(model, half), "Content-Range", "bytes 0-" + (half - 1) + "/" + model.length);
        assertThat(part.status()).as(part.text()).isEqualTo(202);
        assertThat(send("HEAD", path, "").header("Upload-Offset")).isEqualTo(Integer.toString(half));
        byte[] rest = Arrays.copyOfRange(model, half, model.length);
        assertThat(send("PUT", path, rest, "Content-Range", "bytes 1-" + rest.length + "/" + model.length)
                        .status())
                .isEqualTo(409);
        assertThat(send(
                                "PUT",
                                path,
                                rest,
                                "Content-Range",
                                "bytes " + half + "-" + (model.length - 1) + "/" + model.length)
                        .status())
                .isEqualTo(201);
        assertThat(send("PUT", path, model).status()).isEqualTo(200);

        Answered deployed = json(
                "/api/v1/models/times/versions",
                "{\"files\": [{\"name\": \"times.onnx\", \"digest\": \"" + sha256(model) + "\"}]}");
        assertThat(deployed.status()).as(deployed.text()).isEqualTo(201);
    }

    @Test
    void aFolderThatCannotBeClearedAwayDoesNotOverturnWhatWasDoneWithIt() throws NoSuchAlgorithmException, IOException {
        byte[] model = times(5);
        send("PUT", "/api/v1/blobs/" + sha256(model), model);
        ArtifactStore artifacts = server.deployments().artifacts();
        List<FileRecord> files = List.of(new FileRecord("times.onnx", sha256(model), model.length));

        Path gone = new BlobFolder(artifacts).with(files, folder -> folder);
        assertThat(gone).doesNotExist();
        Path stays = new BlobFolder(new StuckArtifacts(artifacts)).with(files, folder -> folder);
        assertThat(stays).isDirectoryContaining("glob:**/times.onnx");
    }

    /** A real store that cannot remove folders. */
    private record StuckArtifacts(ArtifactStore real) implements ArtifactStore {

        @Override
        public boolean has(String digest) {
            return real.has(digest);
        }

        @Override
        public Blob put(InputStream bytes) throws IOException {
            return real.put(bytes);
        }

        @Override
        public Blob put(Path file) throws IOException {
            return real.put(file);
        }

        @Override
        public InputStream open(String digest) throws IOException {
            return real.open(digest);
        }

        @Override
        public Path layOut(String folderDigest, List<FileRecord> files) throws IOException {
            return real.layOut(folderDigest, files);
        }

        @Override
        public void discard(String folderDigest) throws IOException {
            throw new IOException("busy");
        }

        @Override
        public long sweep(Set<String> referenced) throws IOException {
            return real.sweep(referenced);
        }
    }

    @Test
    void theLimitOfUploadsHoldsForAllPartsTogether() throws NoSuchAlgorithmException {
        String path = "/api/v1/blobs/" + sha256(times(5));
        long most = Limits.DEFAULT.upload().bytes();

        Answered part = send("PUT", path, "a", "Content-Range", "bytes 0-0/" + (most + 1));
        assertThat(part.status()).as(part.text()).isEqualTo(413);
        assertThat(part.text()).contains("limits.upload");
        assertThat(send("PUT", path, "a", "Content-Range", "bytes 0-0/" + most).status())
                .isEqualTo(202);
    }

    @Test
    void aPartThatNobodyHasGoneOnWithIsDroppedWhenAnotherComes() throws NoSuchAlgorithmException, IOException {
        String forsaken = "/api/v1/blobs/" + sha256(times(5));
        String other = "/api/v1/blobs/" + sha256(times(6));
        send("PUT", forsaken, "a", "Content-Range", "bytes 0-0/9");
        for (Path file : files(home.resolve("uploads"))) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        }
        assertThat(send("HEAD", forsaken, "").header("Upload-Offset")).isEqualTo("1");
        send("PUT", other, "b", "Content-Range", "bytes 0-0/9");

        assertThat(send("HEAD", forsaken, "").header("Upload-Offset")).isEqualTo("0");
        assertThat(send("HEAD", other, "").header("Upload-Offset")).isEqualTo("1");
        assertThat(files(home.resolve("uploads"))).hasSize(1);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aBlobWithAnotherDigestIsRefused() throws NoSuchAlgorithmException {
        assertThat(send("PUT", "/api/v1/blobs/" + sha256(times(6)), times(7)).status())
                .isEqualTo(422);
        assertThat(send("PUT", "/api/v1/blobs/abc", times(7)).status()).isEqualTo(422);
    }

    @Test
    void modelsPageAndProjectsAreApart() {
        upload("", times(2));
        send("POST", "/api/v1/models/another/versions?filename=a.onnx", times(2));
        send("POST", "/api/v1/projects/team/models/theirs/versions?filename=a.onnx", times(2));

        Answered first = get("/api/v1/models?limit=1");
        assertThat(first.at("models", 0, "model")).isEqualTo("another");
        Answered second = get("/api/v1/models?limit=1&page_token=" + first.at("next_page_token"));
        assertThat(second.at("models", 0, "model")).isEqualTo("times");
        assertThat(second.at("next_page_token")).isNull();
        assertThat(get("/api/v1/projects/team/models").at("models", 0, "model")).isEqualTo("theirs");
    }

    @Test
    void aRemovedModelIsGone() {
        upload("", times(2));

        assertThat(send("DELETE", "/api/v1/models/times", "").status()).isEqualTo(204);
        assertThat(get("/api/v1/models/times").at("code")).isEqualTo("model-not-found");
        assertThat(json("/predict/times", "{}").status()).isEqualTo(404);
    }

    @Test
    void statusNamesWhatIsLoaded() {
        upload("", times(2));

        Answered status = get("/api/v1/status");

        assertThat(status.at("ready")).isEqualTo(true);
        assertThat(status.at("dialects")).isEqualTo(List.of("slipway"));
        assertThat(status.at("loaded", 0, "model")).isEqualTo("times");
        assertThat(String.valueOf(status.at("engines", 0))).startsWith("onnxruntime");
    }
}
