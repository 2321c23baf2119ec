package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the program prints, kept in files under {@code src/test/resources/snapshots}. After an intended change
 * {@code -Dslipway.snapshots=update} writes them anew.
 */
final class Snapshot {

    private static final Path FOLDER = Path.of("src/test/resources/snapshots");

    private Snapshot() {}

    static void assertMatches(String name, String printed) throws IOException {
        Path file = FOLDER.resolve(name + ".txt");
        String stable = stable(printed);
        if ("update".equals(System.getProperty("slipway.snapshots"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, stable);
        }
        assertThat(stable).as(file.toString()).isEqualTo(Files.readString(file));
    }

    /** The text with what differs from run to run under a name that says what stood there, of the same width. */
    private static String stable(String printed) {
        return printed.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z *", "<time> ")
                .replaceAll("sha256:[0-9a-f]+", "<digest>")
                .replaceAll("http://127\\.0\\.0\\.1:(?!8080)\\d+", "<server>")
                .replaceAll("\\d+\\.\\d ms", "<duration>")
                .replaceAll("Started in \\d+\\.\\d s", "Started in <duration>")
                .replaceAll("(?m)^TIME +", "TIME ")
                .replaceAll(" +\\n", "\n");
    }
}
