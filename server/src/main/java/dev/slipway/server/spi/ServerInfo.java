package dev.slipway.server.spi;

import dev.slipway.core.ModelName;
import java.util.List;
import java.util.Optional;

/** What the server says of itself. */
public interface ServerInfo {

    String version();

    List<String> dialects();

    /** Whether the listeners are up, everything that should serve is settled, and no stop is under way. */
    boolean ready();

    /** The model that requests without a name mean, if one is set. */
    Optional<ModelName> defaultModel();

    /** Milliseconds since the start. */
    long uptimeMillis();
}
