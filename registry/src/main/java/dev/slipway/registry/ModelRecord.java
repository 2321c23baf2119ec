package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a model.
 *
 * @param revision grows by one with every change; what compare-and-set goes by
 * @param versions ascending by number, without removed ones
 * @param aliases names for versions, besides {@code stable}, which is a view of the endpoint
 */
public record ModelRecord(
        ModelName name, long revision, Endpoint endpoint, List<VersionRecord> versions, Map<String, Long> aliases) {

    public ModelRecord {
        versions = List.copyOf(versions);
        aliases = Map.copyOf(aliases);
    }

    public Optional<VersionRecord> version(long number) {
        return versions.stream().filter(version -> version.number() == number).findFirst();
    }

    /**
     * Refuses what was decided on another revision.
     *
     * @param expected the revision that it was decided on; null: whatever is there
     */
    public void requireRevision(@Nullable Long expected) {
        requireRevision(name, revision, expected);
    }

    static void requireRevision(ModelName model, long actual, @Nullable Long expected) {
        if (expected != null && expected != actual) {
            throw new FailureException(new Failure.Conflict("model '" + model + "' is at revision " + actual + ", not "
                    + expected + ": it was changed meanwhile, look again and decide anew"));
        }
    }
}
