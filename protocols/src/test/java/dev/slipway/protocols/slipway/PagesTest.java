package dev.slipway.protocols.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.testing.onnx.OnnxModel;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for people: complete without a network, and strict about where things come from. */
class PagesTest extends SlipwayServed {

    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @Test
    void theStartPageIsHtmlOnlyForBrowsers() {
        deploy("iris");

        Answered page = get("/", "Accept", "text/html,application/xhtml+xml");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.text()).contains("<h2>iris</h2>", "data-model=\"iris\"", "sepal_length", "1 model");

        Answered document = get("/");
        assertThat(document.at("models", 0)).isEqualTo("iris");
        assertThat(document.at("links", "openapi")).isEqualTo("/openapi.json");
    }

    @Test
    void anEmptyServerSaysHowToDeploy() {
        assertThat(get("/", "Accept", "text/html").text()).contains("slipway deploy model.onnx");
    }

    @Test
    void aServerThatStillLoadsItsModelsSaysSo() {
        AtomicReference<String> page = new AtomicReference<>("");
        AtomicReference<Answered> prediction = new AtomicReference<>();
        server.deployments().restore(() -> {
            page.set(get("/", "Accept", "text/html").text());
            prediction.set(json("/predict", "{}"));
        });
        assertThat(page.get()).contains("Models are being loaded").doesNotContain("slipway deploy");
        assertThat(prediction.get().status()).isEqualTo(503);
        assertThat(json("/predict", "{}").status()).isEqualTo(404);
    }

    @Test
    void whatIsTooLargeToTypeIsAFileOrZeros() {
        DeclaredShape wide = DeclaredShape.of(-1, 3, 224, 224);
        server.deploy(
                "wide",
                new OnnxModel()
                        .input("x", DataType.FP32, wide)
                        .node("Neg", List.of("x"), List.of("y"))
                        .output("y", DataType.FP32, wide));

        assertThat(get("/", "Accept", "text/html").text())
                .contains(
                        "data-zeros=\"{&quot;x&quot;:",
                        "[1,3,224,224]",
                        "x: FP32[?,3,224,224]",
                        "slipway predict wide body.json")
                .doesNotContain("<textarea");
        assertThat(get("/openapi.json")
                        .at("paths", "/predict/wide", "post", "requestBody", "description")
                        .toString())
                .contains("{\"inputs\": {\"x\": ...}}", "x: FP32[?,3,224,224]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/errors/bad-input"})
    void everythingAPageNeedsIsHere(String path) {
        Answered page = get(path, "Accept", "text/html");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'; script-src 'self'");
        Matcher links = LINK.matcher(page.text());
        while (links.find()) {
            assertThat(links.group(1)).startsWith("/");
            assertThat(get(links.group(1)).status()).as(links.group(1)).isEqualTo(200);
        }
    }

    @Test
    void onlyKnownAssetsAreGiven() {
        assertThat(get("/docs/package.json").status()).isEqualTo(404);
        assertThat(get("/docs/..%2Fstart.html").status()).isEqualTo(404);
        assertThat(get("/errors/nothing").status()).isEqualTo(404);
    }
}
