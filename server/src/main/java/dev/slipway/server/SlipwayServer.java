package dev.slipway.server;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.Deployments;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.GrpcMethod;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import dev.slipway.server.spi.ServerInfo;
import dev.slipway.serving.ModelServer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: its listeners, with every dialect on each of them. */
public final class SlipwayServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlipwayServer.class);
    private static final long READINESS_MILLIS = 500;
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(5);

    private final ServerConfig config;
    private final Deployments deployments;
    private final List<Dialect> dialects;
    private final Metrics metrics;
    private final String version;
    private final Readiness readiness;
    private final long startedNanos = System.nanoTime();
    private final Shared.Stopping stopping = new Shared.Stopping();
    private final List<Loop> loops = new ArrayList<>();
    private final Sockets sockets;
    private final Workers workers = new Workers();
    private @Nullable Vertx vertx;
    private @Nullable RequestLog log;
    private @Nullable AdministrationKey key;
    private volatile boolean listening;
    private int port;
    private int adminPort;

    /**
     * A server that does not listen yet.
     *
     * @param metrics should be the model server's observer, too
     * @param version of Slipway
     */
    public SlipwayServer(
            ServerConfig config, Deployments deployments, List<Dialect> dialects, Metrics metrics, String version) {
        this.config = config;
        this.deployments = deployments;
        this.dialects = List.copyOf(dialects);
        this.metrics = metrics;
        this.version = version;
        this.readiness = new Readiness(deployments, config.serving().strictReadiness());
        this.sockets = new Sockets(
                config.limits().connections(),
                config.timeouts().request(),
                Loop.options(config.limits()),
                () -> metrics.rejected("connections"));
    }

    /** Listens; returns when clients can connect. */
    public void start() throws IOException {
        Listen listen = config.server();
        boolean loopback = Access.isLoopback(listen.host());
        if (!loopback) {
            key = AdministrationKey.of(config.home(), new SecureRandom());
        }
        Vertx running = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(listen.loops())
                        .setFileSystemOptions(new FileSystemOptions()
                                .setClassPathResolvingEnabled(false)
                                .setFileCachingEnabled(false)))
                .withTransport(sockets.transport())
                .build();
        vertx = running;
        Shared shared = shared(running);
        boolean apart = listen.adminPort() >= 0;
        Access access = new Access(listen.host(), loopback, key, !apart);
        port = listen(running, shared, access, listen.port());
        if (apart) {
            adminPort = listen(running, shared, new Access(listen.host(), loopback, key, true), listen.adminPort());
        }
        if (readiness.strict()) {
            running.setPeriodic(0, READINESS_MILLIS, _ -> look());
        }
        listening = true;
    }

    private void look() {
        if (!stopping.begun()) {
            workers.run(readiness::look);
        }
    }

    private Shared shared(Vertx running) throws IOException {
        Path uploads = emptied(config.home().resolve("uploads"));
        RequestLog requestLog = new RequestLog(config.log());
        log = requestLog;
        Routes routes = new Routes();
        GrpcMethods grpc = new GrpcMethods();
        Dialect own = new ServerRoutes(metrics);
        List<Dialect> all = new ArrayList<>(dialects);
        all.add(own);
        for (Dialect dialect : all) {
            dialect.mount(new ServerMount(dialect, routes, grpc));
        }
        GrpcHealth.add(running, grpc, () -> new LiveInfo().ready());
        GrpcReflection.add(grpc);
        Dialect front = routes.owner("/");
        BodyBudget budget = new BodyBudget(config.limits().inFlight().bytes());
        AnswerMemory answers = new AnswerMemory(
                config.limits().answer().bytes(), Runtime.getRuntime().maxMemory(), metrics);
        metrics.gauge("slipway_connections", "Open connections", sockets, Sockets::count);
        metrics.counter(
                "slipway_log_dropped_total",
                "Lines about requests that were not logged because too many waited",
                requestLog,
                RequestLog::dropped);
        metrics.gauge(
                "slipway_versions_overdue",
                "Versions that stay in memory because they have not drained in time",
                deployments.server(),
                ModelServer::overdue);
        metrics.gauge(
                "slipway_model_bytes",
                "Native memory that models hold",
                deployments.server(),
                models -> models.memory().held());
        metrics.gauge(
                "slipway_model_limit_bytes",
                "Native memory that models may hold together",
                deployments.server(),
                models -> models.memory().limit());
        metrics.gauge(
                "slipway_cache_bytes",
                "Bytes of the answers that are kept",
                deployments.server(),
                models -> models.cache().bytes());
        metrics.counter(
                "slipway_cache_evictions_total",
                "Answers that are kept no more, since others needed the room",
                deployments.server(),
                models -> models.cache().evictions());
        metrics.gauge("slipway_body_bytes", "Bytes that request bodies hold", budget, BodyBudget::held);
        metrics.gauge("slipway_answer_bytes", "Bytes that the JSON of answers holds", answers, AnswerMemory::held);
        return new Shared(
                config,
                running,
                routes,
                front == null ? own : front,
                grpc,
                deployments.server().pool(),
                budget,
                answers,
                metrics,
                requestLog,
                workers,
                uploads,
                stopping);
    }

    /** A folder for what comes while it comes, without what an earlier process left in it. */
    private static Path emptied(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
        return folder;
    }

    /** Listens with every event loop on one port; Vert.x takes a negative port for any free one that they share. */
    private int listen(Vertx running, Shared shared, Access access, int wanted) throws IOException {
        int asked = wanted == 0 ? -1 - loops.size() : wanted;
        int actual = wanted;
        for (int i = 0; i < config.server().loops(); i++) {
            Loop loop = new Loop(shared, access, asked);
            join(running.deployVerticle(loop, new DeploymentOptions()), "listen on " + access.host() + ":" + wanted);
            loops.add(loop);
            actual = loop.actualPort();
        }
        return actual;
    }

    private static <T> T join(Future<T> future, String what) throws IOException {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("cannot " + what + ": " + e.getMessage(), e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** The port of administration, if it has one of its own, else 0. */
    public int adminPort() {
        return adminPort;
    }

    /** The administration key, if this start has made it: to be shown, once. Until it is asked for it is not stored. */
    public @Nullable String newAdministrationKey() throws IOException {
        return key == null ? null : key.reveal();
    }

    /**
     * Comes when an event loop has ended before the server was asked to stop, as one may that finds the heap full. Its
     * connections hang, and only a new process helps.
     */
    public CompletionStage<Void> broken() {
        return sockets.broken();
    }

    public ServerInfo info() {
        return new LiveInfo();
    }

    /**
     * Stops: accepts no more connections, answers what was begun, and closes. The model server is the caller's to
     * drain afterwards.
     *
     * @param patience the longest that it takes
     */
    public void stop(Duration patience) {
        stopping.begin();
        Vertx running = vertx;
        if (running == null) {
            return;
        }
        loops.forEach(Loop::leave);
        boolean interrupted = Thread.interrupted();
        try {
            settle(sockets.leave(), patience);
            workers.stop(LAST_PATIENCE);
            settle(running.close(), LAST_PATIENCE);
        } catch (InterruptedException e) {
            interrupted = true;
            running.close();
        }
        if (log != null) {
            log.close();
        }
        vertx = null;
        loops.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for it; whatever is not done in time will not be. */
    private static void settle(Future<?> future, Duration patience) throws InterruptedException {
        try {
            future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("left behind at the stop", e);
        }
    }

    @Override
    public void close() {
        stop(config.timeouts().drain());
    }

    /** What a dialect is given to mount itself. */
    private final class ServerMount implements Mount {

        private final Dialect dialect;
        private final Routes routes;
        private final GrpcMethods grpc;

        ServerMount(Dialect dialect, Routes routes, GrpcMethods grpc) {
            this.dialect = dialect;
            this.routes = routes;
            this.grpc = grpc;
        }

        @Override
        public void route(HttpMethod method, String path, Permission permission, Handler handler) {
            routes.add(new Route(dialect, method, path, Routes.parameters(path), permission, handler));
        }

        @Override
        public void grpc(ServiceDescriptor service, Map<String, GrpcMethod> methods) {
            grpc.add(service, methods);
        }

        @Override
        public Deployments deployments() {
            return deployments;
        }

        @Override
        public ServerInfo info() {
            return new LiveInfo();
        }
    }

    private final class LiveInfo implements ServerInfo {

        @Override
        public String version() {
            return version;
        }

        @Override
        public List<String> dialects() {
            return dialects.stream().map(Dialect::name).toList();
        }

        @Override
        public boolean ready() {
            return listening && !stopping.begun() && readiness.ready();
        }

        @Override
        public Optional<ModelName> defaultModel() {
            return Optional.ofNullable(config.serving().defaultModel()).map(ModelName::of);
        }

        @Override
        public long uptimeMillis() {
            return (System.nanoTime() - startedNanos) / 1_000_000;
        }
    }
}
