package dev.slipway.verify.system;

import dev.slipway.cli.ServerProcess;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.deployment.DeployResult;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;

/** A whole server in this process, on a free port, with a home of its own. */
final class LocalServer implements AutoCloseable {

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

    /** Leases that nobody has given back. */
    long liveLeases() {
        return process.deployments().server().pool().leases();
    }

    @Override
    public void close() {
        process.close();
    }
}
