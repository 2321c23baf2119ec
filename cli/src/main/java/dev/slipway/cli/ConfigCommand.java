package dev.slipway.cli;

import dev.slipway.server.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "config",
        header = "Show what a server would be told.",
        description = "Every key with its value, its default, where the value comes from, and what it means: what "
                + "`slipway serve` with the same flags, variables and file uses. No server is asked.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipway config", "  slipway config --home /srv/slipway -o yaml"})
final class ConfigCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Mixin
    private final ConfigurationOptions configured = new ConfigurationOptions();

    ConfigCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Configuration configuration = configured.configuration(options.environment());
        Path home = HomeOption.folder(options.environment(), configuration);
        configuration.server(home);
        options.output().result(document(configuration), () -> table(configuration), () -> lines(configuration));
        return 0;
    }

    private static List<Map<String, @Nullable Object>> document(Configuration configuration) {
        List<Map<String, @Nullable Object>> document = new ArrayList<>();
        for (Configuration.Value value : configuration.values()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("key", value.key().name());
            row.put("value", plain(value.text(), value.value()));
            row.put("default", plain(value.key().standardText(), value.key().standard()));
            row.put("origin", value.origin().toString());
            row.put("meaning", value.key().meaning());
            document.add(row);
        }
        return document;
    }

    private static Object plain(String text, Object value) {
        return value instanceof Integer || value instanceof Boolean ? value : text;
    }

    private String table(Configuration configuration) {
        Table table = options.output().table("KEY", "VALUE", "DEFAULT", "ORIGIN", "MEANING");
        for (Configuration.Value value : configuration.values()) {
            table.row(
                    value.key().name(),
                    shown(value.text()),
                    shown(value.key().standardText()),
                    value.origin().toString(),
                    value.key().meaning());
        }
        return table.toString();
    }

    private static String lines(Configuration configuration) {
        StringBuilder lines = new StringBuilder();
        for (Configuration.Value value : configuration.values()) {
            lines.append(value.key().name()).append(": ").append(value.text()).append('\n');
        }
        return lines.toString();
    }

    private static String shown(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
