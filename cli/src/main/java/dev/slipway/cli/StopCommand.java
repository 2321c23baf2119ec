package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "stop",
        header = "Stop the server of a home.",
        description = "Lets it answer what it has accepted, and waits until it has ended.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipway stop", "  slipway stop --home /srv/slipway"})
final class StopCommand implements Callable<Integer> {

    private final GlobalOptions options;

    @Mixin
    private final HomeOption home = new HomeOption();

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "How long to wait; default: as long as the server may take to answer and to close.")
    private @Nullable Long patience;

    StopCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        Path folder = home.folder(options.environment());
        ServerRecord server = ServerRecord.running(folder)
                .orElseThrow(() -> new CommandFailure(
                        "no server runs on the home " + folder,
                        "Another home is given with --home; a server started elsewhere is stopped there with Ctrl-C."));
        ProcessHandle process = server.process().orElseThrow();
        long seconds = patience == null ? server.patience().toSeconds() : patience;
        try (Progress progress =
                new Progress(options.environment(), options.output().quiet())) {
            progress.show((server.stopping() ? "is stopping already: " : "stopping ") + server.url());
            process.destroy();
            process.onExit().get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    "the server is stopping; process " + server.pid() + " still answers requests after " + seconds
                            + " seconds",
                    "Wait with --patience, or end it at once: kill -9 " + server.pid());
        }
        options.output().result(Map.of("stopped", server.url()), () -> "stopped " + server.url(), () -> "");
        return 0;
    }
}
