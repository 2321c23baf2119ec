package dev.slipway.server;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.Deployments;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import dev.slipway.server.spi.ServerInfo;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.grpc.health.HealthService;
import io.vertx.grpc.reflection.ReflectionService;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The server: its listeners, with every dialect on each of them. */
public final class SlipwayServer implements AutoCloseable {

    private static final long READINESS_MILLIS = 500;

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
    private final ExecutorService blocking = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("blocking-", 0).factory());
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
                config.limits().connections(), config.timeouts().request(), () -> metrics.rejected("connections"));
    }

    /** Listens; returns when clients can connect. */
    public void start() throws IOException {
        Listen listen = config.server();
        boolean loopback = Access.isLoopback(listen.host());
        if (!loopback) {
            key = AdministrationKey.of(config.home(), new SecureRandom());
        }
        Vertx running = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(listen.loops()))
                .withTransport(sockets.transport())
                .build();
        vertx = running;
        Shared shared = shared(running);
        boolean apart = listen.adminPort() >= 0;
        Access access = new Access(listen.host(), loopback, key, true, !apart);
        port = listen(running, shared, access, listen.port());
        if (apart) {
            adminPort =
                    listen(running, shared, new Access(listen.host(), loopback, key, false, true), listen.adminPort());
        }
        if (readiness.strict()) {
            running.setPeriodic(0, READINESS_MILLIS, _ -> look());
        }
        listening = true;
    }

    private void look() {
        if (!stopping.begun()) {
            blocking.execute(readiness::look);
        }
    }

    private Shared shared(Vertx running) throws IOException {
        Path uploads = config.home().resolve("uploads");
        Files.createDirectories(uploads);
        RequestLog requestLog = new RequestLog(config.log());
        log = requestLog;
        Routes routes = new Routes();
        GrpcServer grpc = GrpcServer.server(
                running,
                new GrpcServerOptions()
                        .setMaxMessageSize(config.limits().body().bytes())
                        .setScheduleDeadlineAutomatically(true)
                        .setDeadlinePropagation(true));
        GrpcPermissions permissions = new GrpcPermissions();
        Dialect own = new ServerRoutes();
        List<Dialect> all = new ArrayList<>(dialects);
        all.add(own);
        for (Dialect dialect : all) {
            dialect.mount(new ServerMount(dialect, routes, grpc, permissions));
        }
        describeGrpc(running, grpc, permissions);
        Dialect fallback = all.stream()
                .filter(dialect -> dialect.name().equals("slipway"))
                .findFirst()
                .orElse(own);
        ByteBudget budget = new ByteBudget(config.limits().inFlight().bytes());
        metrics.gauge("slipway_connections", "Open connections", sockets, Sockets::count);
        metrics.gauge("slipway_body_bytes", "Bytes that request bodies hold", budget, ByteBudget::held);
        return new Shared(
                config,
                running,
                routes,
                fallback,
                grpc,
                permissions,
                deployments.server().pool(),
                budget,
                metrics,
                requestLog,
                blocking,
                uploads,
                stopping);
    }

    /** The services by which gRPC clients find out what there is and whether it is ready. */
    private void describeGrpc(Vertx running, GrpcServer grpc, GrpcPermissions permissions) {
        HealthService health = HealthService.create(running);
        health.register("", () -> Future.succeededFuture(new LiveInfo().ready()));
        for (Service service : List.copyOf(grpc.services())) {
            health.register(service.name().fullyQualifiedName(), () -> Future.succeededFuture(new LiveInfo().ready()));
        }
        permissions.add(health, _ -> Permission.PUBLIC);
        permissions.add(ReflectionService.v1(), _ -> Permission.INFER);
        grpc.addService(health);
        grpc.addService(ReflectionService.v1());
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

    /** The administration key, if this start has made it: to be shown, once. */
    public @Nullable String newAdministrationKey() {
        return key == null ? null : key.fresh();
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
        try {
            sockets.leave().await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            // whoever is not answered by now will not be
        }
        blocking.shutdownNow();
        try {
            running.close().await(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            // the process ends anyway
        }
        if (log != null) {
            log.close();
        }
        vertx = null;
        loops.clear();
    }

    @Override
    public void close() {
        stop(config.timeouts().drain());
    }

    /** What the server answers itself. */
    private final class ServerRoutes implements Dialect {

        @Override
        public String name() {
            return "server";
        }

        @Override
        public void mount(Mount mount) {
            mount.route(
                    HttpMethod.GET,
                    "/health/live",
                    Permission.PUBLIC,
                    exchange -> exchange.json(200, "{\"live\":true}"));
            mount.route(HttpMethod.GET, "/health/ready", Permission.PUBLIC, exchange -> {
                boolean ready = mount.info().ready();
                exchange.json(ready ? 200 : 503, "{\"ready\":" + ready + "}");
            });
            mount.route(
                    HttpMethod.GET,
                    "/metrics",
                    Permission.ADMINISTER,
                    exchange -> exchange.await(
                            exchange.blocking(metrics::scrape),
                            text -> exchange.respond(
                                    200, "text/plain; version=0.0.4; charset=utf-8", Buffer.buffer(text))));
        }

        @Override
        public void fail(Exchange exchange, Failure failure) {
            int status = switch (failure) {
                case Failure.Forbidden _ -> 403;
                case Failure.Unauthenticated _ -> 401;
                case Failure.BadInput _ -> 400;
                case Failure.TooLarge _ -> 413;
                case Failure.ModelNotFound _, Failure.VersionNotFound _ -> 404;
                case Failure.Conflict _ -> 409;
                case Failure.Cancelled _ -> 499;
                case Failure.NotReady _, Failure.Overloaded _ -> 503;
                case Failure.DeadlineExceeded _ -> 504;
                case Failure.Unsupported _ -> 501;
                case Failure.ModelFailed _, Failure.Internal _ -> 500;
            };
            refuse(exchange, status, failure.detail());
        }
    }

    /** What a dialect is given to mount itself. */
    private final class ServerMount implements Mount {

        private final Dialect dialect;
        private final Routes routes;
        private final GrpcServer grpc;
        private final GrpcPermissions permissions;

        ServerMount(Dialect dialect, Routes routes, GrpcServer grpc, GrpcPermissions permissions) {
            this.dialect = dialect;
            this.routes = routes;
            this.grpc = grpc;
            this.permissions = permissions;
        }

        @Override
        public void route(HttpMethod method, String path, Permission permission, Handler handler) {
            routes.add(new Route(dialect, method, path, Routes.parameters(path), permission, handler));
        }

        @Override
        public void grpc(Service service, Function<String, Permission> permission) {
            permissions.add(service, permission);
            grpc.addService(service);
        }

        @Override
        public String principal(GrpcServerRequest<?, ?> call) {
            return key == null ? "local" : call.headers().contains("authorization") ? "administrator" : "anonymous";
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
        public String metrics() {
            return metrics.scrape();
        }

        @Override
        public long uptimeMillis() {
            return (System.nanoTime() - startedNanos) / 1_000_000;
        }
    }
}
