package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipway serve} as a process of its own. */
class ServeTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    private Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Starts it and gives everything that it says until it is up. */
    private List<String> serve(String... models) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--home",
                home.toString(),
                "--port",
                "0"));
        command.addAll(List.of(models));
        process = new ProcessBuilder(command)
                .directory(PROJECT.toFile())
                .redirectErrorStream(true)
                .start();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            said.add(line);
            if (line.startsWith("Documentation:") || line.startsWith("{\"state\":\"ready\"")) {
                break;
            }
        }
        return said;
    }

    /** What is said in a shell of the project, where {@code slipway} is this program. */
    private static String shell(String commands) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String slipway = "slipway() { '" + java + "' -XX:TieredStopAtLevel=1 -cp \"$CLASSES\" " + Main.class.getName()
                + " \"$@\"; }\n";
        ProcessBuilder shell = new ProcessBuilder("bash", "-euc", slipway + commands)
                .directory(PROJECT.toFile())
                .redirectErrorStream(true);
        shell.environment().put("CLASSES", System.getProperty("java.class.path"));
        Process run = shell.start();
        return new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theCommandsToTryWorkAsTheyStand() throws Exception {
        List<String> said = serve("examples");
        List<String> commands = said.subList(said.indexOf("Try it:") + 1, said.size()).stream()
                .filter(line -> line.startsWith("  "))
                .toList();
        assertThat(commands).hasSize(5);
        for (String command : commands) {
            assertThat(shell(command.replace("curl ", "curl -sf ") + "\necho done"))
                    .as(command)
                    .containsPattern("virginica|\"0\"|0 +\\d+\\.\\d %|0\\.92|\"FP32\"")
                    .endsWith("done\n");
        }
    }

    @Test
    void aModelOfTheHomeIsServedByItsName() throws Exception {
        serve("examples/iris");
        assertThat(new Program(PROJECT).run("stop", "--home", home.toString()).exit())
                .isZero();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(serve("iris")).contains("iris/1  ready  tabular-classification");
    }

    @Test
    void programsAreToldEveryState() throws Exception {
        List<String> said = serve("examples/iris", "--output", "json");
        assertThat(said.getFirst()).startsWith("{\"state\":\"starting\",\"home\":");
        assertThat(said)
                .contains(
                        "{\"state\":\"loaded\",\"model\":\"iris\",\"version\":\"1\",\"task\":\"tabular-classification\"}");
        Document ready = Document.of(Json.parse(said.getLast()));
        assertThat(ready.text("administration")).isEqualTo(ready.text("url")).startsWith("http://127.0.0.1:");
        assertThat(ready.texts("models")).containsExactly("iris");
        process.toHandle().destroy();
        assertThat(process.inputReader(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.startsWith("{\"state\":\"stopping\""))
                .last()
                .asString()
                .startsWith("{\"state\":\"stopped\"");
    }

    @Test
    void askedTwiceToStopItStopsOnce() throws Exception {
        serve("examples/iris");
        process.destroy();
        process.destroy();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(home.resolve("server.json")).doesNotExist();
    }

    @Test
    void aHomeThatTakesNoFilesKeepsNobodyFromStoppingWell() throws Exception {
        serve("examples/iris");
        Files.createDirectory(home.resolve("server.json.next"));
        process.destroy();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(home.resolve("server.json")).doesNotExist();
    }

    @Test
    void aSecondServerOnTheHomeSaysWhoHasIt() throws Exception {
        serve("examples/iris");
        Program.Run second = new Program(PROJECT).run("serve", "--home", home.toString(), "--port", "0");
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.err()).contains("home " + home + " is in use by process " + process.pid());
    }

    @Test
    void servesAFolderOfPackagesAndEndsWithZeroWhenStopped() throws Exception {
        List<String> said = serve("examples");
        Snapshot.assertMatches("serve", String.join("\n", said).replace(home.toString(), "<home>") + "\n");

        Program.Run stop = new Program(PROJECT).run("stop", "--home", home.toString());
        assertThat(stop.err()).isEmpty();
        assertThat(stop.out()).startsWith("stopped http://127.0.0.1:");
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
