package dev.slipway.verify.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints the ratios; asserts only that all ways of running a model give the same answer. */
@Tag("long")
class EngineRatiosTest {

    @Test
    void everyWayOfRunningAModelGivesTheSameAnswer(@TempDir Path folder) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        EngineRatios ratios = new EngineRatios(new PrintStream(text, true, StandardCharsets.UTF_8));
        for (BenchmarkModel model : List.of(BenchmarkModel.iris(), new Models(folder).mlp("mlp", 256, 512, 512, 10))) {
            ratios.measure(model, folder);
        }
        System.out.println(text.toString(StandardCharsets.UTF_8));
        assertThat(text.toString(StandardCharsets.UTF_8)).contains("Slipway session");
    }
}
