package dev.slipway.server.spi;

import java.util.List;

/** What the server says of itself. */
public interface ServerInfo {

    String version();

    List<String> dialects();

    /** Whether the listeners are up, everything that should serve is settled, and no stop is under way. */
    boolean ready();

    /** The metrics in Prometheus' text form. */
    String metrics();

    /** Milliseconds since the start. */
    long uptimeMillis();
}
