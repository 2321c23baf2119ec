package dev.slipway.verify.benchmarks;

import dev.slipway.cli.ServerProcess;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.server.Metrics;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.serving.ServingObserver;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The server that {@code slipway serve} starts, but nobody hears what the model server does and no meter counts: what metrics
 * cost is the difference. Left on both sides is a model's own count of its requests.
 */
public final class Unobserved {

    private Unobserved() {}

    /** Takes a port, a home and a model's file. */
    public static void main(String[] arguments) throws IOException {
        ServerConfig standard = ServerConfig.of(Path.of(arguments[1]));
        Listen listen = standard.server();
        ServerConfig config = standard.with(
                new Listen(listen.host(), Integer.parseInt(arguments[0]), listen.adminPort(), listen.eventLoops()));
        PrometheusMeterRegistry nothing = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        nothing.config().meterFilter(MeterFilter.deny());
        ServerProcess process = ServerProcess.start(config, "", new Metrics(nothing), ServingObserver.NONE);
        process.restore(() -> process.deployments()
                .deploy(DeployRequest.of(null, Path.of(arguments[2]), "").with(DeployRequest.Known.ANY)));
    }
}
