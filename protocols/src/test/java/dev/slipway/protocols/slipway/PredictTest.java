package dev.slipway.protocols.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.server.config.Serving;
import dev.slipway.server.kit.LiveServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Predictions in the form of the task, and what does not fit it. */
class PredictTest extends SlipwayServed {

    private static final String SETOSA =
            "{\"sepal_length\": 5.1, \"sepal_width\": 3.5, \"petal_length\": 1.4, \"petal_width\": 0.2}";

    @Test
    void aRowOfATableGetsItsClass() {
        deploy("iris");

        Answered answer = json("/predict/iris", SETOSA);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("class")).isEqualTo("setosa");
        assertThat(answer.at("model")).isEqualTo("iris");
        assertThat(answer.at("version")).isEqualTo("1");
        assertThat(answer.at("id")).isEqualTo(answer.header("X-Request-Id"));
        assertThat(answer.header("X-Slipway-Model")).isEqualTo("iris");
        assertThat(answer.header("X-Slipway-Version")).isEqualTo("1");
        assertThat(answer.header("Server-Timing")).matches("queue;dur=[0-9.]+, compute;dur=[0-9.]+");
    }

    @Test
    void aListGetsAListInOrder() {
        deploy("iris");

        Answered answer = json("/predict/iris", "[[5.1, 3.5, 1.4, 0.2], [6.4, 2.8, 5.6, 2.1]]");

        assertThat(answer.at("predictions", 0, "class")).isEqualTo("setosa");
        assertThat(answer.at("predictions", 1, "class")).isEqualTo("virginica");
    }

    @Test
    void linesOfCsvAreTakenToo() {
        deploy("iris");

        Answered answer = send(
                "POST",
                "/predict/iris",
                "sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n",
                "Content-Type",
                "text/csv; charset=utf-8");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).contains("setosa");
    }

    @Test
    void theOnlyModelNeedsNoName() {
        deploy("iris");

        assertThat(json("/predict", SETOSA).at("class")).isEqualTo("setosa");
    }

    @Test
    void ofSeveralModelsOneMustBeNamedUnlessOneIsTheDefault() {
        deploy("iris");
        deploy("digits");
        Answered unclear = json("/predict", SETOSA);
        assertThat(unclear.status()).isEqualTo(404);
        assertThat(unclear.at("detail").toString()).contains("several models are served", "digits", "iris");

        stop();
        Serving iris = Serving.DEFAULT.with("iris");
        server = LiveServer.start(home, pool, config -> config.with(iris), new SlipwayDialect());

        assertThat(json("/predict", SETOSA).at("class")).isEqualTo("setosa");
    }

    @Test
    void anAnswerEndsWithALineFeedForATerminal() {
        deploy("iris");

        assertThat(json("/predict/iris", SETOSA).text()).endsWith("}\n");
        assertThat(json("/predict/nobody", SETOSA).text()).endsWith("}\n");
        assertThat(get("/api/v1/models").text()).endsWith("}\n");
        assertThat(get("/openapi.json").text()).endsWith("}\n");
    }

    @Test
    void versionsAndAliasesAreAddressed() {
        deploy("iris");

        assertThat(json("/predict/iris/versions/1", SETOSA).status()).isEqualTo(200);
        assertThat(json("/predict/iris@stable", SETOSA).at("version")).isEqualTo("1");
        assertThat(json("/predict/iris@nobody", SETOSA).at("code")).isEqualTo("version-not-found");
        assertThat(json("/predict/iris/versions/0", SETOSA).at("code")).isEqualTo("bad-input");
    }

    @Test
    void anImageComesAsItIsOrInAFormOrInText() throws IOException {
        deploy("digits");
        byte[] seven = Files.readAllBytes(EXAMPLES.resolve("digits/samples/7.png"));

        assertThat(send("POST", "/predict/digits", seven, "Content-Type", "image/png")
                        .at("class"))
                .isEqualTo("7");
        String text = java.util.Base64.getEncoder().encodeToString(seven);
        assertThat(json("/predict/digits?top=3", "{\"image\": \"" + text + "\"}")
                        .at("class"))
                .isEqualTo("7");
        assertThat(send(
                                "POST",
                                "/predict/digits",
                                multipart(seven),
                                "Content-Type",
                                "multipart/form-data; boundary=\"Edge\"")
                        .at("class"))
                .isEqualTo("7");
    }

    private static byte[] multipart(byte[] file) throws IOException {
        java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
        body.write("--Edge\r\nContent-Disposition: form-data; name=\"image\"; filename=\"7.png\"\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        body.write("Content-Type: image/png\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        body.write(file);
        body.write("\r\n--Edge--\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    @Test
    void whatDoesNotFitSaysWhereAndWhy() {
        deploy("iris");

        Answered answer = json("/predict/iris", "{\"sepal_length\": \"wide\", \"colour\": 1}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.at("type")).isEqualTo("/errors/bad-input");
        assertThat(answer.at("title")).isEqualTo("Bad input");
        assertThat(answer.at("model")).isEqualTo("iris");
        assertThat(answer.at("request_id")).isEqualTo(answer.header("X-Request-Id"));
        List<Object> paths = new ArrayList<>();
        ((List<?>) answer.at("errors")).forEach(fault -> paths.add(((Map<?, ?>) fault).get("path")));
        assertThat(paths).contains(List.of("body", "sepal_length"), List.of("body", "colour"));
    }

    @Test
    void whatIsNoJsonIsMalformed() {
        deploy("iris");

        assertThat(json("/predict/iris", "{\"sepal_length\": ").status()).isEqualTo(400);
    }

    @Test
    void unknownModelsMethodsParametersAndTypesAreRefused() {
        deploy("iris");

        assertThat(json("/predict/nobody", SETOSA).status()).isEqualTo(404);
        assertThat(get("/predict/iris").status()).isEqualTo(405);
        assertThat(get("/predict/iris").header("Allow")).isEqualTo("POST");
        assertThat(json("/predict/iris?topp=3", SETOSA).at("errors", 0, "path")).isEqualTo(List.of("query", "topp"));
        assertThat(send("POST", "/predict/iris", "x", "Content-Type", "image/png")
                        .status())
                .isEqualTo(415);
        assertThat(send("POST", "/predict/iris", SETOSA, "Content-Type", "application/x-www-form-urlencoded")
                        .at("detail")
                        .toString())
                .contains("-H 'Content-Type: application/json'");
    }
}
