package dev.slipway.cli;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.server.config.Configuration;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "serve",
        header = "Run a server.",
        description =
                "Serves what its home has, and the given models: files, packages, folders of packages, or names of "
                        + "models in the home. A path wins over a name. Ends with Ctrl-C or `slipway stop`.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway serve",
            "  slipway serve examples",
            "  slipway serve model.onnx --port 8081 --home ./models"
        })
final class ServeCommand implements Callable<Integer> {

    /** The exit code of a server that cannot go on: {@code EX_SOFTWARE} of {@code sysexits.h}. */
    private static final int BROKEN = 70;

    private final GlobalOptions options;

    @Parameters(paramLabel = "MODEL", description = "What to serve besides what is there.")
    private List<String> models = List.of();

    @Mixin
    private final ConfigurationOptions configured = new ConfigurationOptions();

    ServeCommand(GlobalOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Environment environment = options.environment();
        Map<Path, String> paths = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (String model : models) {
            Path path = environment.resolve(model);
            if (Files.exists(path)) {
                ServedPaths.of(path).forEach(found -> paths.put(found, model));
            } else {
                names.add(model);
            }
        }
        Configuration configuration = configured.configuration(environment);
        ServerConfig config = configuration.server(HomeOption.folder(environment, configuration));
        System.setProperty(Logging.LEVEL, config.log().level().name());
        States states = new States(options.output());
        states.show("starting", Map.of("home", config.home().toString()));
        CompletableFuture<Optional<ServerProcess>> started = new CompletableFuture<>();
        Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> stop(started, config, states));
        if (!added(stop)) {
            return 0;
        }
        try {
            ServerProcess process = start(config);
            started.complete(Optional.of(process));
            process.server().broken().thenRun(ServeCommand::end);
            serve(process, paths, names, states);
        } catch (FailureException e) {
            if (closed(started, stop)) {
                throw withHome(config, e);
            }
        } catch (IOException | RuntimeException e) {
            if (closed(started, stop)) {
                throw e;
            }
        } finally {
            started.complete(Optional.empty()); // unless it has started
        }
        new CountDownLatch(1).await(); // the hook ends the process
        return 0;
    }

    /** Adds a hook; false when the process is being stopped already, so that nothing is to be started. */
    private static boolean added(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Closes a server of which something failed; false when the process is being stopped anyway, and failed for that. */
    private static boolean closed(CompletableFuture<Optional<ServerProcess>> started, Thread stop) {
        if (!withdrawn(stop)) {
            return false;
        }
        started.getNow(Optional.empty()).ifPresent(ServerProcess::close);
        return true;
    }

    /** Takes a hook back; false when the process is being stopped, so that it runs already and what failed did so for that. */
    private static boolean withdrawn(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static ServerProcess start(ServerConfig config) throws IOException {
        try {
            return ServerProcess.start(config, VersionCommand.version());
        } catch (FailureException e) {
            throw withHome(config, e);
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SocketException || cause instanceof UnknownHostException) {
                    throw cannotListen(config.server(), cause);
                }
            }
            throw new CommandFailure(Errors.text(e), whichHome(config));
        }
    }

    /** The same failure; one of what is stored tells where that is. */
    private static RuntimeException withHome(ServerConfig config, FailureException e) {
        return e.failure() instanceof Failure.Internal(String detail)
                ? new CommandFailure(detail, whichHome(config))
                : e;
    }

    private static String whichHome(ServerConfig config) {
        return "The home is " + config.home() + "; another is given with --home.";
    }

    private static CommandFailure cannotListen(Listen listen, Throwable cause) {
        String address = listen.host() + ":" + listen.port()
                + (listen.adminPort() > 0 ? " or " + listen.host() + ":" + listen.adminPort() : "");
        return new CommandFailure(
                "cannot listen on " + address + ": " + cause.getMessage(),
                "Choose another port with --port, another address of this machine with --host, or end what uses this "
                        + "one (slipway stop, if it is a Slipway).");
    }

    private void serve(ServerProcess process, Map<Path, String> paths, List<String> names, States states)
            throws IOException {
        Output output = options.output();
        record(process).write(process.home());
        try (Progress progress = new Progress(options.environment(), output.quiet())) {
            progress.show("loading models");
            process.restore(() -> {
                for (Path path : paths.keySet()) {
                    progress.show("deploying " + path.getFileName());
                    deploy(process, path);
                }
            });
        }
        for (String name : names) {
            requireModel(process, name);
        }
        String key = process.server().newAdministrationKey();
        states.models(process.deployments().models());
        new Banner(options.environment(), output, Start.ofThisProcess())
                .print(process, List.copyOf(paths.keySet()), key);
    }

    private static void deploy(ServerProcess process, Path path) {
        try {
            process.deployments().deploy(DeployRequest.of(null, path, "serve").with(DeployRequest.Known.ANY));
        } catch (FailureException e) {
            throw new CommandFailure("cannot serve " + path + ": " + e.failure().detail());
        }
    }

    private static void requireModel(ServerProcess process, String name) {
        if (!ModelName.isName(name) || !process.deployments().exists(ModelName.of(name))) {
            throw new CommandFailure(
                    "there is no file or folder '" + name + "', and the home has no model of that name");
        }
    }

    /** What SIGTERM and Ctrl-C do. The process ends with 0: it was asked to stop, and did. */
    private void stop(CompletableFuture<Optional<ServerProcess>> started, ServerConfig config, States states) {
        int code = 1;
        try {
            code = started.join().map(process -> stop(process, config, states)).orElse(0);
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }

    private int stop(ServerProcess process, ServerConfig config, States states) {
        try (Progress progress =
                new Progress(options.environment(), options.output().quiet())) {
            progress.show("stopping; requests have " + config.timeouts().drain().toSeconds() + " s to be answered");
            states.show("stopping", Map.of("url", process.url()));
            tellStopping(process, config.home());
            process.close();
            states.show("stopped", Map.of("url", process.url()));
            return 0;
        } catch (RuntimeException e) {
            System.err.println("slipway: " + e.getMessage());
            for (Throwable cause : e.getSuppressed()) {
                System.err.println("  " + cause.getMessage());
            }
            return 1;
        }
    }

    /** Ends at once: nobody would answer who has connected, and what was acknowledged is on the disk. */
    private static void end() {
        try {
            System.err.println(
                    "slipway: a thread that serves connections has ended, as one does that finds the heap full "
                            + "(SLIPWAY_JAVA_OPTS=-Xmx4g gives more): the process ends with " + BROKEN
                            + ", start it again");
        } finally {
            Runtime.getRuntime().halt(BROKEN);
        }
    }

    /** Tells other commands; a home that takes no files is no reason to leave requests without an answer. */
    private static void tellStopping(ServerProcess process, Path home) {
        try {
            record(process).thatStops().write(home);
        } catch (IOException e) {
            System.err.println("slipway: " + Errors.text(e));
        }
    }

    private static ServerRecord record(ServerProcess process) {
        return ServerRecord.ofThisProcess(process.url(), process.administration(), process.patience());
    }
}
