package dev.slipway.serving;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a model serves at one moment.
 *
 * @param versions the versions in memory, by number
 * @param aliases names for versions, {@code stable} among them where the endpoint has a single target
 */
public record Published(
        ModelName model, Endpoint endpoint, SortedMap<Long, LoadedVersion> versions, Map<String, Long> aliases) {}
