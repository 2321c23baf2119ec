package dev.slipway.verify.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Scenarios run, one round of a tenth of a second each; what they measure is another matter. */
class ShowsTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int shows(String... arguments) {
        return new CommandLine(new Shows(new PrintStream(out, true, StandardCharsets.UTF_8))).execute(arguments);
    }

    /** Between them they have a server, a server by hand, both generators, loops in process, and two loads at once. */
    @ParameterizedTest
    @ValueSource(strings = {"one-connection", "grpc-small", "fairness"})
    void aScenarioTellsItsFigures(String scenario) {
        int code = shows(scenario, "--rounds", "1", "--seconds", "0.1", "--warm", "0.1", "--output", "json");

        assertThat(code).isZero();
        Map<?, ?> document = (Map<?, ?>) Json.parse(out.toByteArray());
        Map<?, ?> told = (Map<?, ?>) ((List<?>) document.get("scenarios")).getFirst();
        assertThat(told.get("scenario")).isEqualTo(scenario);
        List<?> figures = (List<?>) told.get("figures");
        assertThat(figures)
                .isNotEmpty()
                .allSatisfy(
                        figure -> assertThat(((Map<?, ?>) figure).get("median")).isInstanceOf(Number.class));
        assertThat(((Map<?, ?>) figures.getFirst()).get("reached")).isEqualTo("too few rounds");
    }

    @Test
    void anUnknownScenarioIsRefused() {
        assertThat(shows("cpus")).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
