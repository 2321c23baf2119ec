package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.json.Json;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs against a real server. */
class ServerVerbsTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        server = ServerProcess.start(ServerConfig.of(home).with(new Listen("127.0.0.1", 0, -1, 1)), "1.0");
        server.restore();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Program program() {
        return new Program(PROJECT).with("SLIPWAY_SERVER", server.url());
    }

    private Program.Run run(String... args) {
        return program().run(args);
    }

    private String done(String... args) {
        Program.Run run = run(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        return run.out();
    }

    private Program.Run refused(String... args) {
        Program.Run run = run(args);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("slipway: ").doesNotContain("\tat ");
        return run;
    }

    @Test
    void aPackageFolderIsDeployedAndAnswers() throws IOException {
        Snapshot.assertMatches("deploy-iris", done("deploy", "examples/iris"));
        Snapshot.assertMatches("predict-iris", done("predict", "iris", "5.1", "3.5", "1.4", "0.2"));
        assertThat(done("predict", "iris", "5.1", "3.5", "1.4", "0.2", "--quiet"))
                .isEqualTo("setosa\n");
        assertThat(done(
                        "predict",
                        "iris/1",
                        "petal_width=0.2",
                        "sepal_length=5.1",
                        "petal_length=1.4",
                        "sepal_width=3.5",
                        "-q"))
                .isEqualTo("setosa\n");
        assertThat(program()
                        .input("[[5.1,3.5,1.4,0.2],[6.4,2.8,5.6,2.1]]")
                        .run("predict", "iris", "-", "-q")
                        .out())
                .isEqualTo("setosa\nvirginica\n");
        Snapshot.assertMatches(
                "predict-rows",
                program()
                        .input("[[5.1,3.5,1.4,0.2],[6.4,2.8,5.6,2.1]]")
                        .run("predict", "iris")
                        .out());
    }

    @Test
    void imagesAreSentAsTheyAre() throws IOException {
        assertThat(done("deploy", "examples/digits", "--quiet")).isEqualTo("digits/1\n");
        Snapshot.assertMatches(
                "predict-digits", done("predict", "digits", "examples/digits/samples/7.png", "--top", "3"));
        assertThat(done("predict", "digits", "examples/digits/samples/3.png", "examples/digits/samples/4.png", "-q"))
                .isEqualTo("3\n4\n");
    }

    @Test
    void aBareModelNeedsNoConfiguration() throws IOException {
        assertThat(done("deploy", "examples/iris/iris.onnx", "--name", "flowers", "-q"))
                .isEqualTo("flowers/1\n");
        Snapshot.assertMatches("show-flowers", done("show", "flowers/1"));
        String row = "probabilities  [[0.98628926,0.012168046,0.0015427554]]\n\nflowers/1\n";
        assertThat(done("predict", "flowers", "5.1", "3.5", "1.4", "0.2")).isEqualTo(row);
        assertThat(done("predict", "flowers/1", "5.1,3.5,1.4,0.2")).isEqualTo(row);
        assertThat(done("predict", "flowers", "features=5.1,3.5,1.4,0.2")).isEqualTo(row);
        assertThat(program()
                        .input("[[5.1,3.5,1.4,0.2]]")
                        .run("predict", "flowers")
                        .out())
                .isEqualTo(row);
        assertThat(refused("predict", "flowers", "5.1").err()).contains("features", "FP32[batch,4]");
        String answer = program()
                .input("{\"inputs\":{\"features\":[[5.1,3.5,1.4,0.2]]}}")
                .run("predict", "flowers", "--output", "json")
                .out();
        assertThat(Document.of(Json.parse(answer)).object("outputs").members()).containsKey("probabilities");
    }

    @Test
    void whatADeployPrintsToTryWorksAsItStands() {
        for (String arguments : List.of("examples/digits", "examples/iris", "examples/iris/iris.onnx --name bare")) {
            String printed = done(("deploy " + arguments).split(" "));
            assertThat(printed).contains(" serves 1\nTry it: slipway predict ");
            String command =
                    printed.substring(printed.indexOf("Try it: slipway ") + 16).strip();
            assertThat(done(command.split(" "))).isNotEmpty();
        }
    }

    @Test
    void aDeployThatMovesNoTrafficSaysWhatServesAndHowToGoOn() {
        done("deploy", "examples/iris");
        assertThat(done("deploy", "examples/iris", "--force", "--no-serve"))
                .startsWith("iris/2  registered\n")
                .endsWith("iris serves 1\nServe it: slipway promote iris --to 2\n");
        assertThat(done("deploy", "examples/iris", "--force", "--alias", "canary"))
                .contains("iris@canary is 3; iris serves 1\nTry it: slipway predict iris@canary ");
    }

    @Test
    void aBareModelOverAPackageIsToldToChangeWhatCallersSend() {
        done("deploy", "examples/iris");
        assertThat(done("deploy", "examples/iris/iris.onnx", "--name", "iris"))
                .contains("warning: what /predict takes changes: version 1 is tabular-classification,"
                        + " this one tensors");
    }

    @Test
    void theSameBytesAreTheSameVersionUnlessForced() {
        done("deploy", "examples/iris");
        assertThat(done("deploy", "examples/iris")).contains("iris/1").contains("--force");
        assertThat(done("deploy", "examples/iris", "--force", "-q")).isEqualTo("iris/2\n");
    }

    @Test
    void trafficMovesAndComesBack() throws IOException {
        done("deploy", "examples/iris");
        done("deploy", "examples/iris", "--force");
        assertThat(done("rollback", "iris")).isEqualTo("iris serves 1\n");
        assertThat(done("promote", "iris", "--to", "2")).isEqualTo("iris serves 2\n");
        assertThat(done("promote", "iris", "--to", "1", "--alias", "canary")).isEqualTo("iris@canary is 1\n");
        assertThat(done("predict", "iris@canary", "5.1", "3.5", "1.4", "0.2", "-o", "json"))
                .contains("\"version\": \"1\"");
        Snapshot.assertMatches("models", done("models"));
        Snapshot.assertMatches("show-iris", done("show", "iris"));
        Snapshot.assertMatches("history-iris", done("history", "iris"));
        assertThat(done("history", "iris", "--verify")).startsWith("intact: ");
        assertThat(done("history", "iris", "--at", "2100-01-01T00:00:00Z")).isEqualTo("2\n");
    }

    @Test
    void heldOutPicturesAreRefusedWithAnotherWay() throws IOException {
        Path packed = Files.createDirectory(home.resolve("pictures"));
        Files.copy(PROJECT.resolve("examples/digits/digits.onnx"), packed.resolve("digits.onnx"));
        String yaml = Files.readString(PROJECT.resolve("examples/digits/model.yaml"));
        Files.writeString(
                packed.resolve("model.yaml"),
                yaml.substring(0, yaml.indexOf("checks:"))
                        + "checks: {accuracy: {data: test.csv, label: digit, at_least: 0.9}}\n");
        Files.writeString(packed.resolve("test.csv"), "file,digit\nsamples/7.png,7\n");
        assertThat(refused("deploy", packed.toString()).err())
                .contains("checks.accuracy: test.csv, row 1, file: ")
                .contains("'samples/7.png' given; pictures can be checked by golden examples");
    }

    @Test
    void anAliasGoesAndItsVersionStays() {
        done("deploy", "examples/iris");
        done("promote", "iris", "--to", "1", "--alias", "canary");
        assertThat(done("remove", "iris@canary")).isEqualTo("removed iris@canary\n");
        assertThat(done("history", "iris")).contains("canary removed");
        assertThat(done("show", "iris")).contains("serves 1").doesNotContain("canary");
        assertThat(refused("remove", "iris@canary").err()).contains("there is no 'iris@canary'");
        assertThat(refused("remove", "iris@stable").err()).contains("cannot be removed");
    }

    @Test
    void anUnknownModelIsToldBesideTheNearOne() {
        done("deploy", "examples/iris");
        assertThat(refused("predict", "irsi", "1").err()).isEqualTo("""
                        slipway: there is no model 'irsi'
                        Did you mean 'iris'? See what is there: slipway models
                        """);
        assertThat(refused("show", "sail").err())
                .isEqualTo("slipway: there is no model 'sail'\nSee what is there: slipway models\n");
    }

    @Test
    void whatServesIsNotRemovedButAWholeModelGoes() {
        done("deploy", "examples/iris");
        assertThat(refused("remove", "iris/1").err()).contains("endpoint");
        assertThat(done("remove", "iris")).isEqualTo("removed iris\n");
        assertThat(done("models")).contains("no models yet").contains("slipway deploy");
    }

    @Test
    void documentsAreTheApisOwn() {
        done("deploy", "examples/iris");
        Map<?, ?> models = (Map<?, ?>) Json.parse(done("models", "--output", "json"));
        assertThat(Document.of(models).objects("models")).hasSize(1);
        assertThat(done("models", "--output", "yaml")).startsWith("models:\n- model: iris\n");
        assertThat(done("status", "--output", "json")).contains("\"ready\": true");
        assertThat(done("status")).startsWith(server.url());
    }

    @Test
    void aModelThatIsNotThereIsNamedWithWhatToDo() {
        assertThat(refused("predict", "roses", "1").err()).contains("roses").contains("slipway models");
        assertThat(refused("show", "roses").err()).contains("roses");
        done("deploy", "examples/iris");
        assertThat(refused("show", "iris/9").err()).contains("See its versions: slipway show iris\n");
        assertThat(new Program(PROJECT)
                        .run("show", "iris/9", "--server", server.url())
                        .err())
                .contains("See its versions: slipway --server " + server.url() + " show iris\n");
        assertThat(Document.of(Json.parse(run("show", "iris/9", "-o", "json").out()))
                        .text("code"))
                .isEqualTo("version-not-found");
        assertThat(refused("rollback", "roses").err()).contains("roses");
    }

    @Test
    void whatDoesNotFitIsToldPlaceByPlace() {
        done("deploy", "examples/iris");
        assertThat(refused("predict", "iris", "5.1", "3.5").err())
                .contains("body")
                .contains("4");
        assertThat(refused("predict", "iris", "5.1", "x", "1", "2").err()).contains("sepal_width", "x");
    }

    @Test
    void aModelThatFailsItsChecksIsRefusedWithTheDifference() throws IOException {
        Path broken = home.resolve("broken");
        Files.createDirectories(broken);
        for (String file : new String[] {"iris.onnx", "model.yaml", "test.csv"}) {
            Files.copy(PROJECT.resolve("examples/iris").resolve(file), broken.resolve(file));
        }
        Files.writeString(
                broken.resolve("golden.jsonl"),
                "{\"input\": [5.1, 3.5, 1.4, 0.2], \"output\": {\"class\": \"virginica\"}}\n");
        assertThat(refused("deploy", broken.toString()).err())
                .contains("golden")
                .contains("virginica");
        assertThat(done("models")).contains("no models yet");
    }

    @Test
    void aFileThatIsNoModelIsRefused() throws IOException {
        Path file = home.resolve("notes.onnx");
        Files.writeString(file, "not a model");
        assertThat(refused("deploy", file.toString()).err()).contains("notes");
        assertThat(refused("deploy", file.toString(), "--name", "notes").err()).contains("notes");
    }
}
