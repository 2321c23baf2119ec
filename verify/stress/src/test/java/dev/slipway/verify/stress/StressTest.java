package dev.slipway.verify.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.Main;

/** Runs all stress tests; what jcstress saw is in {@code target/jcstress}. */
class StressTest {

    private final Path folder = Path.of(System.getProperty("slipway.stress.folder", "target/jcstress"));

    @Test
    void nothingForbiddenIsSeen() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "two actors need two cores");
        Path log = Files.createDirectories(folder).resolve("log.txt");
        int exit = new ProcessBuilder(command())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String said = Files.readString(log);
        assertThat(exit).as(said).isZero();
        assertThat(said.lines()
                        .filter(line -> line.contains("[OK] dev.slipway."))
                        .distinct())
                .as("tests that jcstress has run: %s", said)
                .hasSize(tests());
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "-v",
                "-spinStyle",
                "THREAD_YIELD",
                "-jvmArgs",
                "--enable-native-access=ALL-UNNAMED",
                "-hs",
                "512"));
        command.addAll(List.of(System.getProperty("slipway.stress", "-f 1 -iters 1 -time 200 -sc false -af NONE")
                .split(" ")));
        return command;
    }

    /** How many there are: jcstress leaves those out that it finds no cores for. */
    private static int tests() throws IOException {
        try (InputStream list =
                Objects.requireNonNull(StressTest.class.getResourceAsStream("/META-INF/TestList"), "list of tests")) {
            return (int) new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .count();
        }
    }
}
