package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.verify.system.RawHttp.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home that cannot be written, is damaged, or belongs to another server. */
class FaultsTest {

    @TempDir
    private Path folder;

    private Path home;
    private Path model;

    @BeforeEach
    void model() {
        home = folder.resolve("home");
        model = Adding.write(folder.resolve("adding.onnx"), 1);
    }

    @Test
    void aFullDiskRefusesADeployAndTheOldVersionGoesOnServing() throws Exception {
        assumeTrue(mayMount(), "no file system can be mounted here");
        List<String> onSmallDisk = List.of(
                "unshare",
                "-r",
                "-m",
                "bash",
                "-c",
                "mount -t tmpfs -o size=6m tmpfs '" + home + "' && exec \"$@\"",
                "small-disk");
        try (SeparateServer server = SeparateServer.start(onSmallDisk, List.of(), home, model.toString());
                RawHttp connection = new RawHttp(server.port())) {
            byte[] large = large(8 << 20);
            connection.send("POST /api/v1/models/adding/versions?filename=large.zip HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "Content-Type: application/octet-stream\r\nContent-Length: " + large.length + "\r\n\r\n");
            Answer refused = connection.send(large).answer().orElseThrow();
            assertThat(refused.status()).as(refused.body()).isEqualTo(507);
            assertThat(refused.json().get("detail").asText())
                    .isEqualTo("the upload cannot be stored: the disk is full, nothing of it was kept;"
                            + " make room and repeat it");
            try (RawHttp other = new RawHttp(server.port())) {
                Answer answer = other.exchange("POST", "/v2/models/adding/infer", Adding.request(4));
                assertThat(Adding.added(answer.json(), 4)).isEqualTo(1);
                assertThat(other.exchange("GET", "/api/v1/models/adding/history?verify=true", "")
                                .json()
                                .at("/chain/intact")
                                .asBoolean())
                        .isTrue();
                Path filler = Path.of("/proc/" + server.pid() + "/root", home.toString(), "filler");
                fill(filler);
                Answer small = deploySmall(other);
                assertThat(small.status()).as(small.body()).isEqualTo(507);
                Files.delete(filler);
                assertThat(deploySmall(other).status())
                        .as("what failed left no leftovers behind")
                        .isEqualTo(201);
            }
        }
    }

    private static Answer deploySmall(RawHttp connection) throws IOException {
        byte[] small = Adding.bytes(2);
        connection.send("POST /api/v1/models/adding/versions?filename=adding.onnx HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Content-Type: application/octet-stream\r\nContent-Length: " + small.length + "\r\n\r\n");
        return connection.send(small).answer().orElseThrow();
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    @Test
    void aHomeThatIsRemovedTakesNoChangesAndPredictionsGoOn() throws Exception {
        try (SeparateServer server = SeparateServer.start(home, model.toString());
                RawHttp connection = new RawHttp(server.port())) {
            Files.move(home, folder.resolve("elsewhere"));

            Answer refused = deploySmall(connection);
            assertThat(refused.status()).as(refused.body()).isEqualTo(500);
            assertThat(refused.json().get("detail").asText())
                    .isEqualTo(
                            "the upload cannot be stored: a file or folder of it is gone," + " see the server's log");
            try (RawHttp other = new RawHttp(server.port())) {
                Answer alias = other.exchange("PUT", "/api/v1/models/adding/aliases/canary", "{\"version\":\"1\"}");
                assertThat(alias.status()).as(alias.body()).isEqualTo(500);
                assertThat(alias.json().get("detail").asText()).contains("registry.db was removed or replaced");
                assertThat(other.exchange("GET", "/api/v1/status", "")
                                .json()
                                .get("registry")
                                .asText())
                        .contains("registry.db was removed or replaced");
                Answer answer = other.exchange("POST", "/v2/models/adding/infer", Adding.request(4));
                assertThat(Adding.added(answer.json(), 4)).isEqualTo(1);
            }
        }
    }

    @Test
    void anArtifactThatWasAlteredFailsItsVersionAndNoOther() throws Exception {
        try (LocalServer server = new LocalServer(home)) {
            server.deploy(model, "adding");
            server.deploy(Adding.write(folder.resolve("two.onnx"), 2), "other");
        }
        Path blob = blobs().filter(file -> contains(file, Adding.bytes(1)))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        assertThat(blob.toFile().setWritable(true)).isTrue();
        Files.write(blob, bytes);

        try (LocalServer server = new LocalServer(home);
                RawHttp connection = new RawHttp(server.port())) {
            assertThat(connection.exchange("GET", "/v2/health/ready", "").status())
                    .isEqualTo(200);
            JsonNode version = connection
                    .exchange("GET", "/api/v1/models/adding/versions/1", "")
                    .json();
            assertThat(version.get("state").asText()).isEqualTo("failed");
            assertThat(version.toString())
                    .contains(blob.getFileName().toString())
                    .contains("altered");
            assertThat(connection.exchange("GET", "/api/v1/status", "").body())
                    .contains("adding")
                    .contains("altered");
            Answer other = connection.exchange("POST", "/v2/models/other/infer", Adding.request(4));
            assertThat(Adding.added(other.json(), 4)).isEqualTo(2);
            try (RawHttp failed = new RawHttp(server.port())) {
                assertThat(failed.exchange("POST", "/v2/models/adding/infer", Adding.request(4))
                                .status())
                        .isNotEqualTo(200);
            }
            server.deploy(model, "adding");
            Answer healed = connection.exchange("POST", "/v2/models/adding/infer", Adding.request(4));
            assertThat(Adding.added(healed.json(), 4))
                    .as("the same files deployed again heal it")
                    .isEqualTo(1);
        }
    }

    @Test
    void aDamagedRegistryStopsTheStartAndIsNamed() throws Exception {
        Files.createDirectories(home);
        Files.write(home.resolve("registry.db"), large(20_000));
        assertRefuses(home.resolve("registry.db").toString());

        Files.delete(home.resolve("registry.db"));
        try (LocalServer server = new LocalServer(home)) {
            server.deploy(model, "adding");
        }
        byte[] bytes = Files.readAllBytes(home.resolve("registry.db"));
        for (int i = 4096; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Files.write(home.resolve("registry.db"), bytes);
        assertRefuses("registry.db", "The home is " + home);
    }

    @Test
    void aSecondServerOnAHomeIsRefusedAndTheFirstGoesOn() throws Exception {
        try (SeparateServer first = SeparateServer.start(home, model.toString())) {
            assertRefuses("in use by process " + first.pid());
            try (RawHttp connection = new RawHttp(first.port())) {
                assertThat(connection
                                .exchange("POST", "/v2/models/adding/infer", Adding.request(1))
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private void assertRefuses(String... named) throws IOException, InterruptedException {
        try (SeparateServer server = SeparateServer.launch(List.of(), List.of(), home)) {
            assertThat(server.exit()).as(server.said()).isEqualTo(1);
            assertThat(server.saidAll()).contains(named).doesNotContain("\tat ");
        }
    }

    private Stream<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("artifacts/sha256"))) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }

    private static boolean contains(Path file, byte[] content) {
        try {
            return java.util.Arrays.equals(Files.readAllBytes(file), content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] large(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static boolean mayMount() throws InterruptedException {
        try {
            Process trial = new ProcessBuilder("unshare", "-r", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
                    .redirectErrorStream(true)
                    .start();
            trial.getInputStream().readAllBytes();
            return trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
