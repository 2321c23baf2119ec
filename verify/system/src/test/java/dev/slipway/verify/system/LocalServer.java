package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.ServerProcess;
import dev.slipway.core.ModelName;
import dev.slipway.core.TensorPool;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.deployment.DeployResult;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A whole server in this process, on a free port, with a home of its own. */
final class LocalServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServerProcess process;

    LocalServer(Path home) throws IOException {
        this.process = ServerProcess.start(ServerConfig.of(home).with(new Listen("127.0.0.1", 0, -1, 0)), "test");
        process.restore();
    }

    int port() {
        return process.server().port();
    }

    ServerProcess process() {
        return process;
    }

    DeployResult deploy(Path path, String name) {
        return process.deployments().deploy(DeployRequest.of(ModelName.of(name), path, "test"));
    }

    /** Removes a model, if there is one. */
    void remove(String name) {
        ModelName model = ModelName.of(name);
        if (process.deployments().models().stream()
                .anyMatch(view -> view.record().name().equals(model))) {
            process.deployments().removeModel(model, "test");
        }
    }

    /**
     * Fails when leases stay that nobody gives back. A client can have read an answer's last byte before the server has
     * given back what it was written from, so this waits for what is on its way.
     */
    void requireNoLiveLease() {
        TensorPool pool = process.deployments().server().pool();
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (pool.leases() > 0 && System.nanoTime() - patience < 0) {
            Thread.onSpinWait();
        }
        assertThat(pool.leases()).as("live leases").isZero();
    }

    @Override
    public void close() {
        process.close();
    }
}
