package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Mount;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Slipway's own interface. */
public final class SlipwayDialect implements Dialect {

    @Override
    public String name() {
        return "slipway";
    }

    @Override
    public void mount(Mount mount) {
        new PredictRoutes(mount.deployments()).mount(mount);
        Api api = new Api(mount);
        new ModelRoutes(mount.deployments()).mount(api);
        new VersionRoutes(mount.deployments()).mount(api);
        new TuneRoutes(mount.deployments()).mount(api);
        new DeployRoutes(mount.deployments()).mount(api);
        new BlobRoutes(mount.deployments().artifacts()).mount(api);
        new StatusRoutes(mount.deployments(), mount.info()).mount(api);
        new PageRoutes(mount.deployments(), mount.info()).mount(mount);
    }

    @Override
    public void fail(Exchange exchange, Failure failure) {
        ProblemDocument.answer(exchange, failure);
    }

    @Override
    public void refuse(Exchange exchange, int status, String detail) {
        ProblemDocument.answer(
                exchange, status, HttpResponseStatus.valueOf(status).reasonPhrase(), detail);
    }
}
