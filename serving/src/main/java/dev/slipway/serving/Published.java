package dev.slipway.serving;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What a model serves at one moment.
 *
 * @param versions the versions in memory, by number
 * @param aliases names for versions, {@code stable} among them where the endpoint has a single target
 * @param absent the versions that there are, but not in memory
 */
public record Published(
        ModelName model,
        Endpoint endpoint,
        SortedMap<Long, LoadedVersion> versions,
        Map<String, Long> aliases,
        Set<Long> absent) {

    /** A model whose every version is in memory. */
    public Published(
            ModelName model, Endpoint endpoint, SortedMap<Long, LoadedVersion> versions, Map<String, Long> aliases) {
        this(model, endpoint, versions, aliases, Set.of());
    }

    /** Whether there is such a version, in memory or not. */
    boolean has(long version) {
        return versions.containsKey(version) || absent.contains(version);
    }
}
