package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void aWrongVerbSuggestsTheNearOne() {
        Program.Run run = run("deply", "model.onnx");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("deply").contains("deploy").contains("slipway --help");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aWrongOptionSuggestsTheNearOne() {
        Program.Run run = run("deploy", "model.onnx", "--nam", "x");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--nam").contains("--name").contains("slipway deploy --help");
    }

    @Test
    void aMissingOptionIsNamed() {
        Program.Run run = run("promote", "iris");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "status"})
    void withoutServerItSaysHowToStartOne(String verb) {
        Program.Run run = run(verb, "--server", NOBODY);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("slipway: no server answers at " + NOBODY + "\nStart one with: slipway serve\n");
    }

    @Test
    void theServerMayComeFromTheEnvironmentAndTheFlagWins() {
        Program program = new Program(directory).with("SLIPWAY_SERVER", "http://127.0.0.1:2/");
        assertThat(program.run("models").err()).contains("at http://127.0.0.1:2\n");
        assertThat(program.run("models", "--server", NOBODY).err()).contains("at " + NOBODY);
    }

    @Test
    void aServerThatIsNoUrlIsRefused() {
        Program.Run run = run("models", "--server", "localhost:8080");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("'localhost:8080'").contains("http://");
    }

    @Test
    void aModelThatHasNoNameIsRefusedBeforeAnythingIsSent() {
        Program.Run run = run("show", "no such name", "--server", NOBODY);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("no such name").contains("iris/3");
    }

    @Test
    void deployNamesAPathThatIsNotThere() {
        Program.Run run = run("deploy", "missing.onnx", "--server", NOBODY);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("slipway: there is no file or folder 'missing.onnx'\n");
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
