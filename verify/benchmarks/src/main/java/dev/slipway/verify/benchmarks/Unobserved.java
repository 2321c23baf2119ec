package dev.slipway.verify.benchmarks;

import dev.slipway.core.SlabPool;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.deployment.Deployments;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.FolderArtifactStore;
import dev.slipway.registry.SqliteRegistry;
import dev.slipway.server.Metrics;
import dev.slipway.server.SlipwayServer;
import dev.slipway.server.VertxLoops;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.spi.Dialect;
import dev.slipway.serving.LocalModelServer;
import dev.slipway.serving.ServingObserver;
import dev.slipway.tasks.TaskForms;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The server that {@code slipway serve} starts, put together from the same parts, but nobody hears what the model server
 * does and no meter counts: what metrics cost is the difference. Left on both sides is a model's own count of its requests.
 */
public final class Unobserved {

    private Unobserved() {}

    /** Takes a port, a home and a model's file. */
    public static void main(String[] arguments) throws IOException {
        Path home = Files.createDirectories(Path.of(arguments[1]));
        ServerConfig standard = ServerConfig.of(home);
        Listen listen = standard.server();
        ServerConfig config = standard.with(
                new Listen(listen.host(), Integer.parseInt(arguments[0]), listen.adminPort(), listen.eventLoops()));
        SlabPool pool = new SlabPool(
                config.serving().tensorMemory().bytes(),
                config.serving().tensorMemoryKept().bytes());
        Deployments deployments = new Deployments(
                SqliteRegistry.open(home, InstantSource.system()),
                new FolderArtifactStore(home.resolve("artifacts"), InstantSource.system(), FolderArtifactStore.GRACE),
                LocalModelServer.withEnginesOnClassPath(pool, ServingObserver.NONE, new VertxLoops()),
                new PackageOpener(PackageOpener.Limits.DEFAULT),
                TaskForms.load(),
                home.resolve("scratch"));
        List<Dialect> dialects = ServiceLoader.load(Dialect.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        PrometheusMeterRegistry nothing = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        nothing.config().meterFilter(MeterFilter.deny());
        new SlipwayServer(config, deployments, dialects, new Metrics(nothing), "").start();
        deployments.restore(() -> deployments.deploy(
                DeployRequest.of(null, Path.of(arguments[2]), "").with(DeployRequest.Known.ANY)));
    }
}
