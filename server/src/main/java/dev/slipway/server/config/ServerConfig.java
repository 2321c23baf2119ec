package dev.slipway.server.config;

import java.nio.file.Path;

/**
 * Everything that can be set about a server.
 *
 * @param home the folder of everything that it keeps
 */
public record ServerConfig(Path home, Listen server, Limits limits, Timeouts timeouts, Logging log, Serving serving) {

    /** The defaults, with a home. */
    public static ServerConfig of(Path home) {
        return new ServerConfig(
                home, Listen.DEFAULT, Limits.DEFAULT, Timeouts.DEFAULT, Logging.DEFAULT, Serving.DEFAULT);
    }

    /** The same listening at another place. */
    public ServerConfig with(Listen other) {
        return new ServerConfig(home, other, limits, timeouts, log, serving);
    }

    /** The same under other limits. */
    public ServerConfig with(Limits other) {
        return new ServerConfig(home, server, other, timeouts, log, serving);
    }

    /** The same serving in another way. */
    public ServerConfig with(Serving other) {
        return new ServerConfig(home, server, limits, timeouts, log, other);
    }

    /** The same with other patience. */
    public ServerConfig with(Timeouts other) {
        return new ServerConfig(home, server, limits, other, log, serving);
    }
}
