package dev.slipway.server;

import dev.slipway.server.spi.Dialect;
import dev.slipway.server.spi.Mount;
import dev.slipway.server.spi.Permission;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * A method and a path, and who answers them.
 *
 * @param parameters the names of the path's parameters, in their order
 */
record Route(
        Dialect dialect,
        HttpMethod method,
        String path,
        List<String> parameters,
        Permission permission,
        Mount.Handler handler) {

    /** The position of a parameter. */
    int parameter(String name) {
        int position = parameters.indexOf(name);
        if (position < 0) {
            throw new IllegalArgumentException("route " + path + " has no parameter '" + name + "'");
        }
        return position;
    }
}
