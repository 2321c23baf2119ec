package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says before it talks to any server. */
class UsageTest {

    /** Nothing listens on the port of this address. */
    private static final String NOBODY = "http://127.0.0.1:1";

    @TempDir
    private Path directory;

    private Program.Run run(String... args) {
        return new Program(directory).run(args);
    }

    @Test
    void withoutVerbItShowsItsVerbs() throws IOException {
        Program.Run run = run();
        assertThat(run.exit()).isZero();
        Snapshot.assertMatches("help", run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "deploy",
                "predict",
                "models",
                "show",
                "history",
                "promote",
                "rollback",
                "remove",
                "status",
                "stop",
                "bench",
                "tune",
                "config",
                "version",
                "completion"
            })
    void everyVerbHasShortHelp(String verb) throws IOException {
        Program.Run run = run(verb, "--help");
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines().count()).isLessThan(40);
        Snapshot.assertMatches("help-" + verb, run.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    deply model.onnx             | there is no verb 'deply', perhaps 'deploy' is meant
                    sail                         | there is no verb 'sail'
                    deploy m.onnx --nam x        | there is no option '--nam' of deploy, perhaps '--name' is meant
                    deploy m.onnx --nam=x        | there is no option '--nam' of deploy, perhaps '--name' is meant
                    predict iris -x              | there is no option '-x' of predict
                    --port 8081 serve            | there is no option '--port': it belongs behind the verb serve or config
                    deploy m.onnx n.onnx         | 'n.onnx' is one argument too many
                    deploy                       | PATH is missing
                    promote iris                 | --to VERSION is missing
                    deploy m.onnx --name         | --name needs a value: --name NAME
                    deploy m.onnx --force=maybe  | --force must be true or false, 'maybe' given
                    deploy m --name a --name b   | --name is given twice
                    promote iris --to two        | --to must be a whole number, 'two' given
                    rollback iris --to two       | --to must be a whole number, 'two' given
                    config --port 80a            | --port must be a whole number, '80a' given
                    models --output jsn          | --output must be table, json or yaml, 'jsn' given
                    history iris --verify --at x | --verify and --at do not go together
                    history iris --at yesterday  | --at must be a moment, 'yesterday' given
                    models --server a?b          | 'a?b' is not the address of a server
                    show iris@canary             | 'iris@canary' names an alias
                    """)
    void whatCannotBeMeantIsWrongUsage(String arguments, String told) {
        Program.Run run = run(arguments.split(" +"));
        assertThat(run.err().lines().findFirst()).contains("slipway: " + told);
        assertThat(run.err().lines()).as("what is wrong, and what to do").hasSize(2);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void wrongUsageLeadsToTheHelpOfTheVerb() {
        assertThat(run("deploy", "m.onnx", "--nam", "x").err()).endsWith("See: slipway deploy --help\n");
        assertThat(run("deply").err()).endsWith("See: slipway --help\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "status"})
    void withoutServerItSaysHowToStartOne(String verb) {
        Program.Run run = run(verb, "--server", NOBODY);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("slipway: no server answers at " + NOBODY + "\nStart one with: slipway serve --port 1\n");
    }

    @Test
    void theServerMayComeFromTheEnvironmentAndTheFlagWins() {
        Program program = new Program(directory).with("SLIPWAY_SERVER", "http://127.0.0.1:2/");
        assertThat(program.run("models").err()).contains("at http://127.0.0.1:2\n");
        assertThat(program.run("models", "--server", NOBODY).err()).contains("at " + NOBODY);
        assertThat(program.run("models", "--server", "127.0.0.1:2").err()).contains("at http://127.0.0.1:2\n");
    }

    @Test
    void programsGetTheirFailureAsADocument() {
        Program.Run json = run("models", "--server", NOBODY, "--output", "json");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(json.err()).startsWith("slipway: no server answers at ");
        assertThat(Document.of(Json.parse(json.out())).text("detail")).isEqualTo("no server answers at " + NOBODY);
        assertThat(run("models", "--server", NOBODY, "-o", "yaml").out()).startsWith("title: Failed\n");
    }

    @ParameterizedTest
    @CsvSource({
        "json, promote iris --to two --output json",
        "json, models --outptu x -o json",
        "json, deply --output=JSON",
        "yaml, models -oyaml --serverr",
        "yaml, models --output json --output yaml"
    })
    void programsGetWrongUsageAsADocumentToo(String format, String arguments) {
        Program.Run run = run(arguments.split(" "));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("slipway: ").contains("\nSee: slipway ");
        assertThat(run.out()).startsWith(format.equals("json") ? "{\n  \"title\": \"Failed\"" : "title: Failed\n");
    }

    @Test
    void aModelThatHasNoNameIsRefusedBeforeAnythingIsSent() {
        Program.Run run = run("show", "no such name", "--server", NOBODY);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("no such name").contains("iris/3");
    }

    @Test
    void deployNamesAPathThatIsNotThere() {
        Program.Run run = run("deploy", "missing.onnx", "--server", NOBODY);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("slipway: there is no file or folder 'missing.onnx'\n");
    }

    @Test
    void aFolderWithoutModelIsRefusedBeforeAnythingIsSent() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("notes")).resolve("readme.txt"), "no model");
        for (String[] line : new String[][] {{"deploy", "notes"}, {"deploy", "notes", "--name", "x"}}) {
            Program.Run run =
                    new Program(directory).with("SLIPWAY_SERVER", NOBODY).run(line);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).startsWith("slipway: 'notes' has no ONNX model");
        }
    }

    @Test
    void aFileWhereTheHomeShouldBeIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("home"), "");
        Program.Run run = run("serve", "--home", "home", "--port", "0");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("slipway: '" + file + "' is there and is no folder\nThe home is " + file
                        + "; another is given with --home.\n");
    }

    @Test
    void aHostThatIsNotThisMachineIsNamed() {
        Program.Run run = run("serve", "--home", "home", "--host", "192.0.2.1", "--port", "0");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("cannot listen on 192.0.2.1:0").contains("--host");
    }

    @Test
    void stopWithoutServerSaysSo() {
        Program.Run run = run("stop", "--home", "empty");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("no server runs on the home " + directory.resolve("empty"));
    }

    @Test
    void theCompletionScriptKnowsEveryVerb() {
        Program.Run run = run("completion");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("serve").contains("rollback").contains("--server");
        assertThat(run.out()).contains("(\"table\" \"json\" \"yaml\")");
    }

    @ParameterizedTest
    @CsvSource({
        "show, '', digits flowers iris",
        "predict, fl, flowers",
        "remove, x, ''",
        "predict, --t, --top",
        "serve, dig, ''",
        "'', mode, models"
    })
    void behindAVerbThatTakesAModelTheShellCompletesIt(String verb, String begun, String completed)
            throws IOException, InterruptedException {
        Path script = Files.writeString(
                directory.resolve("completion"), run("completion").out() + """
                        slipway() { [ "$*" = "models --quiet" ] && printf '%s\\n' digits flowers iris; }
                        COMP_WORDS=(slipway $1 "$2"); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); COMP_LINE="${COMP_WORDS[*]}"
                        $(complete -p slipway | sed 's/.*-F //; s/ .*//') 2>/dev/null
                        echo "${COMPREPLY[*]}"
                        """);
        Process bash = new ProcessBuilder("bash", script.toString(), verb, begun)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(completed + "\n");
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void colourIsForTerminalsThatWantIt() {
        assertThat(new Program(directory).onTerminal().run("--help").out()).contains("\033[");
        assertThat(new Program(directory)
                        .onTerminal()
                        .with("NO_COLOR", "1")
                        .run("--help")
                        .out())
                .doesNotContain("\033[");
        assertThat(new Program(directory).run("--help").out()).doesNotContain("\033[");
    }
}
