package dev.slipway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "status", header = "How the server is.")
final class StatusCommand implements Callable<Integer> {

    private final GlobalOptions options;

    StatusCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        Object answer = api.get("/api/v1/status");
        options.output().result(answer, () -> new StatusText(options.output()).of(api.server(), Document.of(answer)));
        return 0;
    }
}
