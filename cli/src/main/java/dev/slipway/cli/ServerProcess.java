package dev.slipway.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.slipway.core.SlabPool;
import dev.slipway.deployment.Deployments;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.FolderArtifactStore;
import dev.slipway.registry.SqliteRegistry;
import dev.slipway.server.Metrics;
import dev.slipway.server.SlipwayServer;
import dev.slipway.server.VertxLoops;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.config.Serving;
import dev.slipway.server.spi.Dialect;
import dev.slipway.serving.LocalModelServer;
import dev.slipway.serving.ServingConfig;
import dev.slipway.serving.ServingObserver;
import dev.slipway.tasks.TaskForms;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** A whole server in this process: registry, artifacts, engines, deployments, dialects and listeners on one home. */
public final class ServerProcess implements AutoCloseable {

    /** The most that closing takes beyond the time for answering: sockets, ended runs, and the Java machine itself. */
    private static final Duration CLOSING = Duration.ofSeconds(30);

    /** How long changes of models may take to notice that they end with the server. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final ServerConfig config;
    private final Deployments deployments;
    private final SlipwayServer server;
    private final Deque<AutoCloseable> parts;

    private ServerProcess(
            ServerConfig config, Deployments deployments, SlipwayServer server, Deque<AutoCloseable> parts) {
        this.config = config;
        this.deployments = deployments;
        this.server = server;
        this.parts = parts;
    }

    /**
     * Starts a server that listens and has nothing loaded yet; {@link #restore} brings back what its home says.
     *
     * @throws dev.slipway.core.FailureException {@code Conflict} when another process has the home
     * @throws IOException when it cannot listen, or the home cannot be used
     */
    public static ServerProcess start(ServerConfig config, String version) throws IOException {
        Metrics metrics = new Metrics();
        return start(config, version, metrics, metrics);
    }

    /**
     * The same, measured otherwise.
     *
     * @param metrics of requests, closed with the server
     * @param observer told what the models do
     */
    public static ServerProcess start(ServerConfig config, String version, Metrics metrics, ServingObserver observer)
            throws IOException {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            Path home = config.home();
            Files.createDirectories(home);
            SqliteRegistry registry = opened(parts, SqliteRegistry.open(home, InstantSource.system()));
            parts.push(() -> ServerRecord.delete(home));
            FolderArtifactStore artifacts = new FolderArtifactStore(
                    home.resolve("artifacts"), InstantSource.system(), FolderArtifactStore.GRACE);
            Serving serving =
                    config.serving().within(memory(), Runtime.getRuntime().maxMemory());
            SlabPool pool = opened(
                    parts,
                    new SlabPool(
                            serving.tensorMemory().bytes(),
                            serving.tensorMemoryKept().bytes()));
            parts.push(metrics);
            ServingConfig bounds = ServingConfig.forCores(Runtime.getRuntime().availableProcessors())
                    .with(serving.modelMemory())
                    .withCache(serving.cacheMemory());
            LocalModelServer models = LocalModelServer.withEnginesOnClassPath(bounds, pool, observer, new VertxLoops());
            Deadline deadline = new Deadline(config.timeouts().drain());
            Deployments deployments = new Deployments(
                    registry,
                    artifacts,
                    models,
                    new PackageOpener(PackageOpener.Limits.DEFAULT),
                    TaskForms.load(),
                    home.resolve("scratch"),
                    Deployments.Surroundings.system(config.serving().loadAtStart()));
            parts.push(() -> deployments.awaitEnd(ENDING));
            parts.push(() -> models.close(deadline.left()));
            parts.push(deployments);
            List<Dialect> dialects = ServiceLoader.load(Dialect.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
            SlipwayServer server = new SlipwayServer(config, deployments, dialects, metrics, version);
            parts.push(() -> server.stop(deadline.left()));
            server.start();
            return new ServerProcess(config, deployments, server, parts);
        } catch (IOException | RuntimeException e) {
            closeAll(parts, e);
            throw e;
        }
    }

    /** The memory of this machine, or of the container that the process is in. */
    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    /** Loads and publishes what should serve; what fails is recorded and does not stop the rest. */
    public void restore() {
        deployments.restore();
    }

    /** The same, and then {@code more} deploys; the server is ready when both are done. */
    public void restore(Runnable more) {
        deployments.restore(more);
    }

    public Deployments deployments() {
        return deployments;
    }

    public SlipwayServer server() {
        return server;
    }

    public Path home() {
        return config.home();
    }

    /** How long {@link #close} may take. */
    Duration patience() {
        return config.timeouts().drain().plus(CLOSING);
    }

    /** The URL that it answers at, as seen from this machine. */
    public String url() {
        return url(server.port());
    }

    /** The URL that it is administered at: the same, unless administration has a port of its own. */
    String administration() {
        return url(server.adminPort() > 0 ? server.adminPort() : server.port());
    }

    private String url(int port) {
        String host = config.server().host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String name = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + port;
    }

    /**
     * Accepts no more connections, answers what was begun, unloads, and gives the home free. Clients and models have
     * {@code timeouts.drain} together; closing what is not done by then takes {@link #CLOSING} at most.
     */
    @Override
    public void close() {
        RuntimeException failed = new IllegalStateException("the server did not stop cleanly");
        closeAll(parts, failed);
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    /** The time for answering what was begun, which starts to run when somebody first asks for it. */
    private static final class Deadline {

        private final Duration whole;
        private @Nullable Long end;

        Deadline(Duration whole) {
            this.whole = whole;
        }

        synchronized Duration left() {
            long now = System.nanoTime();
            if (end == null) {
                end = now + whole.toNanos();
            }
            return Duration.ofNanos(Math.max(0, end - now));
        }
    }

    private static void closeAll(Deque<AutoCloseable> parts, Exception failed) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                failed.addSuppressed(e);
            }
        }
    }
}
