package dev.slipway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} is the table of keys. {@code -Dslipway.docs=update} writes it anew. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");

    private static final String HEAD = """
            # Configuration

            What a server can be told. The same names stand in `slipway.yaml` (`server.port`), in the environment
            (`SLIPWAY_SERVER_PORT`) and, for the common ones, as flags of `slipway serve` (`--port`). Later ones win: defaults, then the
            file, then the environment, then flags. `slipway config` shows what a server would be told, each value with its origin.

            The file is `slipway.yaml` in the home, or the one that `--config FILE` or `SLIPWAY_CONFIG` names:

            ```yaml
            server:
              host: 0.0.0.0
              port: 8081
            limits:
              body: 16MiB
            timeouts:
              drain: 60s
            ```

            Sizes are written as `4096`, `64KiB`, `10MB` or `1GiB`, durations as `250ms`, `30s`, `5m` or in ISO 8601 as `PT30S`. An
            unknown key, or an unknown variable that begins with `SLIPWAY_`, stops the start and names the near one. Variables that
            Kubernetes makes of services called slipway are passed over. Secrets are no part of the configuration.

            | key | default | environment | flag | meaning |
            |---|---|---|---|---|
            """;

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Key<?> key : Keys.ALL) {
            String standard = key.standardText();
            page.append("| `%s` | %s | `%s` | %s | %s |\n"
                    .formatted(
                            key.name(),
                            standard.isEmpty() ? "" : "`" + standard + "`",
                            key.variable(),
                            key.flag() == null ? "" : "`" + key.flag() + "`",
                            key.meaning()));
        }
        return page.toString();
    }

    @Test
    void isCurrent() throws IOException {
        if ("update".equals(System.getProperty("slipway.docs"))) {
            Files.writeString(PAGE, page());
        }
        assertThat(PAGE).hasContent(page());
    }
}
