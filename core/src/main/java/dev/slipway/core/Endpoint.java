package dev.slipway.core;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the unversioned requests of a model go.
 *
 * @param targets the versions that answer, each with its share of the weights' sum; none: the model serves nothing
 * @param shadow a version that gets a copy of each request, whose answers are thrown away
 * @param sticky whether requests with the same routing key go to the same version
 */
public record Endpoint(List<Target> targets, @Nullable Long shadow, boolean sticky) {

    public static final Endpoint NONE = new Endpoint(List.of(), null, false);

    /** A version and its weight, a positive number. */
    public record Target(long version, int weight) {
        public Target {
            ModelRef.requireVersion(version);
            if (weight < 1 || weight > 1_000_000) {
                throw new FailureException(Failure.BadInput.of(
                        "weight " + weight + " of version " + version + " must lie between 1 and 1000000"));
            }
        }
    }

    public Endpoint {
        targets = List.copyOf(targets);
        Set<Long> versions = new HashSet<>();
        for (Target target : targets) {
            if (!versions.add(target.version())) {
                throw new FailureException(Failure.BadInput.of("endpoint has version " + target.version() + " twice"));
            }
        }
    }

    /** An endpoint that sends everything to one version. */
    public static Endpoint of(long version) {
        return new Endpoint(List.of(new Target(version, 1)), null, false);
    }

    /** The version that gets everything, if one does: what the alias {@code stable} names. */
    public Optional<Long> stable() {
        return targets.size() == 1 ? Optional.of(targets.getFirst().version()) : Optional.empty();
    }

    /** Every version that must be loaded for this endpoint. */
    public Set<Long> versions() {
        Set<Long> versions = new HashSet<>();
        targets.forEach(target -> versions.add(target.version()));
        if (shadow != null) {
            versions.add(shadow);
        }
        return versions;
    }
}
