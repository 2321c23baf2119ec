package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure.Fault;
import dev.slipway.json.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerDifferenceTest {

    @TempDir
    Path folder;

    /** What a golden line finds wrong with an answer. */
    private List<Fault> between(String expected, String given, String tolerance) throws IOException {
        Path file = Files.writeString(
                folder.resolve("golden.jsonl"), "{\"input\": [1], \"output\": " + expected + tolerance + "}");
        return GoldenLine.read(file, Arena.ofAuto())
                .getFirst()
                .tolerance()
                .between(Json.parse(expected), Json.parse(given), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "1000000,1000001,1000000 exactly",
        "18446744073709551615,18446744073709551614,18446744073709551615 exactly",
        "7.00001,7,7.00001 exactly",
        "0.5,0.5001,0.5 within 1.0E-5 + 1.0E-4 * |0.5|",
    })
    void wholeNumbersAreComparedExactlyAndOthersWithinATolerance(String expected, String given, String rule)
            throws IOException {
        assertThat(between(expected, given, "")).extracting(Fault::rule).containsExactly(rule);
    }

    @ParameterizedTest
    @CsvSource({
        "1000000,1000000,''",
        "18446744073709551615,18446744073709551615,''",
        "7.0,7,''",
        "3,2.99999,''",
        "0.5,0.50001,''",
        "200,201,', \"atol\": 1'",
        "200,201,', \"rtol\": 0.1'",
    })
    void equalWholeNumbersPassAndToleranceThatTheLineStatesHoldsForAll(String expected, String given, String tolerance)
            throws IOException {
        assertThat(between(expected, given, tolerance)).isEmpty();
    }
}
