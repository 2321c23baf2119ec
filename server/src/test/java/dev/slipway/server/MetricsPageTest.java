package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.server.kit.LiveServer;
import dev.slipway.testing.CountingPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/operate.md} has the table of our metrics. {@code -Dslipway.docs=update} writes it anew. */
class MetricsPageTest {

    private static final Path PAGE = Path.of("../docs/operate.md");

    private static final Pattern TABLE =
            Pattern.compile("(?s)(\\| metric \\| labels \\| meaning \\|\n\\|---\\|---\\|---\\|\n).*?\n\n");

    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (slipway_\\w+) (.*)$");

    @RegisterExtension
    private final CountingPool pool = new CountingPool();

    @TempDir
    private Path home;

    @Test
    void isCurrent() throws IOException {
        String page = Files.readString(PAGE);
        String current = TABLE.matcher(page).replaceFirst(Matcher.quoteReplacement(table()));
        if ("update".equals(System.getProperty("slipway.docs"))) {
            Files.writeString(PAGE, current);
        }
        assertThat(PAGE).hasContent(current);
    }

    private String table() throws IOException {
        TreeMap<String, String> rows = new TreeMap<>();
        for (String scraped : List.of(ofModels(), ofServer())) {
            Matcher help = HELP.matcher(scraped);
            while (help.find()) {
                String name = help.group(1);
                rows.put(name, "| `%s` | %s | %s |\n".formatted(name, labels(scraped, name), help.group(2)));
            }
        }
        rows.keySet().removeIf(name -> name.endsWith("_max"));
        return "| metric | labels | meaning |\n|---|---|---|\n" + String.join("", rows.values()) + "\n";
    }

    private static String labels(String scraped, String name) {
        Matcher sample = Pattern.compile("(?m)^" + name + "(_count)?\\{(.*)} ").matcher(scraped);
        return sample.find()
                ? Pattern.compile("(\\w+)=\"")
                        .matcher(sample.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .collect(Collectors.joining(", "))
                : "";
    }

    private static String ofModels() {
        ModelName model = ModelName.of("m");
        try (Metrics metrics = new Metrics()) {
            metrics.cached(model, 1, true);
            metrics.cached(model, 1, false);
            metrics.request("m", "1", "/predict/{model}", "200", 1);
            metrics.rejected("body");
            metrics.loaded(model, 1, 1);
            metrics.ran(model, 1, 1, 1);
            metrics.answered(model, 1, new InferenceResponse.Timing(1, 1, 1), 2);
            metrics.failed(model, 1, new Failure.ModelFailed("broken"));
            return metrics.scrape();
        }
    }

    private String ofServer() {
        try (LiveServer server = LiveServer.start(home, pool)) {
            return new String(server.get("/metrics").body(), StandardCharsets.UTF_8);
        }
    }
}
