package dev.slipway.server.config;

/**
 * Where the server listens.
 *
 * @param host a name or address; loopback unless said otherwise
 * @param port 0 for any free one
 * @param adminPort the port of the listener that alone serves administration; -1: every listener does
 * @param eventLoops threads that read and write sockets; 0: one per core, at most 8
 */
public record Listen(String host, int port, int adminPort, int eventLoops) {

    public static final Listen DEFAULT = new Listen("127.0.0.1", 8080, -1, 0);

    public Listen {
        if (host.isBlank()) {
            throw new IllegalArgumentException("server.host must not be empty");
        }
        requirePort("server.port", port, 0);
        requirePort("server.admin_port", adminPort, -1);
        if (adminPort > 0 && adminPort == port) {
            throw new IllegalArgumentException("server.admin_port " + adminPort + " must differ from server.port");
        }
        if (eventLoops < 0 || eventLoops > 256) {
            throw new IllegalArgumentException(
                    "server.event_loops " + eventLoops + " must lie between 0 (one per core) and 256");
        }
    }

    private static void requirePort(String key, int port, int least) {
        if (port < least || port > 65_535) {
            throw new IllegalArgumentException(key + " " + port + " must lie between " + least + " and 65535");
        }
    }

    /** The threads to use on this machine. */
    public int loops() {
        return eventLoops > 0 ? eventLoops : Math.min(8, Runtime.getRuntime().availableProcessors());
    }
}
