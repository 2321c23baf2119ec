package dev.slipway.protocols.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.slipway.json.Json;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI document is valid, and what it shows as an example succeeds. */
class OpenApiTest extends SlipwayServed {

    @ParameterizedTest
    @ValueSource(strings = {"iris", "digits"})
    void aRequestMadeFromTheExampleSucceedsAndFitsItsSchemas(String model) {
        deploy(model);
        Answered document = get("/openapi.json");
        Object example = document.at(
                "paths", "/predict/" + model, "post", "requestBody", "content", "application/json", "example");

        Answered answer = json("/predict/" + model, Json.write(example));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertFits(document, model + "-request", Json.write(example));
        assertFits(document, model + "-answer", answer.text());
    }

    private static void assertFits(Answered document, String schema, String instance) {
        String text = Json.write(Map.of(
                "$ref",
                "#/components/schemas/" + schema,
                "components",
                Map.of("schemas", document.at("components", "schemas"))));
        Schema checked = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text, InputFormat.JSON);
        assertThat(checked.validate(instance, InputFormat.JSON)).isEmpty();
    }

    @Test
    void theDocumentIsValidOpenApi31() {
        deploy("iris");
        deploy("digits");

        SwaggerParseResult parsed =
                new OpenAPIV3Parser().readContents(get("/openapi.json").text(), null, new ParseOptions());

        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getSpecVersion()).isEqualTo(SpecVersion.V31);
        assertThat(parsed.getOpenAPI().getPaths())
                .containsKeys(
                        "/predict",
                        "/predict/{model}",
                        "/predict/iris",
                        "/v2",
                        "/v2/health/live",
                        "/v2/health/ready",
                        "/v2/models",
                        "/v2/models/stats",
                        "/v2/models/{model}",
                        "/v2/models/{model}/config",
                        "/v2/models/{model}/infer",
                        "/v2/models/{model}/ready",
                        "/v2/models/{model}/stats",
                        "/v2/models/{model}/versions/{version}",
                        "/v2/models/{model}/versions/{version}/infer",
                        "/v2/models/digits/infer",
                        "/v2/repository/index",
                        "/v2/repository/models/{model}/load",
                        "/v2/repository/models/{model}/unload",
                        "/api/v1/models/{model}/aliases/{alias}",
                        "/health/live",
                        "/health/ready");
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        deploy("iris");
        deploy("digits");
        Answered document = get("/openapi.json");
        java.util.regex.Matcher references =
                java.util.regex.Pattern.compile("\"\\$ref\":\"#([^\"]+)\"").matcher(document.text());
        while (references.find()) {
            Object[] path = references.group(1).substring(1).split("/");
            assertThat(document.at(path)).as(references.group(1)).isNotNull();
        }
    }
}
