package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages of {@code docs} tell people to type does what they say: every {@code sh} block runs, in its page's
 * order, beside a server that serves the examples; every {@code java} block with a {@code main} compiles and runs.
 */
class DocsTest {

    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sh|java)\\n(.*?)^```$");
    private static final Pattern CLASS = Pattern.compile("(?m)^class (\\w+)");

    @TempDir
    private Path folder;

    private LocalServer server;

    @BeforeEach
    void serveExamples() throws IOException {
        server = new LocalServer(folder.resolve("home"));
        server.deploy(PROJECT.resolve("examples/iris"), "iris");
        server.deploy(PROJECT.resolve("examples/digits"), "digits");
        Files.createSymbolicLink(folder.resolve("examples"), PROJECT.resolve("examples"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        Files.delete(folder.resolve("examples"));
    }

    @Test
    void theReadmesProgramRuns() throws Exception {
        Matcher blocks = BLOCK.matcher(text(PROJECT.resolve("README.md")));
        String program = blocks.results()
                .filter(block -> block.group(1).equals("java"))
                .map(this::program)
                .collect(Collectors.joining());
        assertThat(run(program)).startsWith("setosa ").endsWith("the page is done\n");
    }

    static List<String> pages() throws IOException {
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
            return docs.filter(page -> page.toString().endsWith(".md"))
                    .filter(page -> BLOCK.matcher(text(page)).find())
                    .map(page -> page.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandWorks(String page) throws Exception {
        StringBuilder script =
                new StringBuilder("slipway() { %s %s \"$@\"; }\n".formatted(java(), Main.class.getName()));
        Matcher blocks = BLOCK.matcher(text(PROJECT.resolve("docs").resolve(page)));
        while (blocks.find()) {
            script.append(
                    blocks.group(1).equals("sh")
                            ? "set -x\n" + blocks.group(2) + "{ set +x; } 2>/dev/null\n"
                            : program(blocks.toMatchResult()));
        }
        assertThat(run(here(script.toString()))).as(page).endsWith("the page is done\n");
    }

    /** The command that runs a block which is a Java program. */
    private String program(MatchResult block) {
        Matcher name = CLASS.matcher(block.group(2));
        assertThat(name.find()).as("a whole program:\n%s", block.group(2)).isTrue();
        try {
            Path file = Files.writeString(folder.resolve(name.group(1) + ".java"), here(block.group(2)));
            return "%s %s\n".formatted(java(), file.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String here(String text) {
        return text.replace("127.0.0.1:8080", "127.0.0.1:" + server.port());
    }

    private static String java() {
        return "\"%s/bin/java\" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp \"$CLASSES\""
                .formatted(System.getProperty("java.home"));
    }

    private String run(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("page.sh"), script + "echo the page is done\n");
        ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().put("CLASSES", System.getProperty("java.class.path"));
        shell.environment().put("SLIPWAY_SERVER", "http://127.0.0.1:" + server.port());
        Process process = shell.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
