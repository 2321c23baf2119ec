package dev.slipway.serving;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelRef;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the requests for one model go, made once from what is published. */
final class Route {

    private final Published published;
    private final Map<Long, ServedVersion> versions = new LinkedHashMap<>();
    private final List<Endpoint.Target> targets;
    private final long weights;

    /**
     * The route to what is published.
     *
     * @throws IllegalArgumentException when a version is not one that this kind of server has loaded
     */
    Route(Published published) {
        this.published = published;
        published.versions().forEach((number, version) -> {
            if (!(version instanceof ServedVersion served)) {
                throw new IllegalArgumentException("version " + number + " of model '" + published.model()
                        + "' was not loaded by a LocalModelServer");
            }
            versions.put(number, served);
        });
        this.targets = published.endpoint().targets();
        this.weights = targets.stream().mapToLong(Endpoint.Target::weight).sum();
    }

    Published published() {
        return published;
    }

    Collection<ServedVersion> versions() {
        return versions.values();
    }

    /**
     * The version that answers a request.
     *
     * @param key what sticky routing goes by
     * @param chance a number from 0 (inclusive) to 1 (exclusive), drawn when weights decide
     */
    ServedVersion choose(ModelRef ref, @Nullable String key, DoubleSupplier chance) {
        if (!(ref.selector() instanceof ModelRef.ByEndpoint) || targets.size() < 2) {
            return version(ref);
        }
        long target = published.endpoint().sticky() && key != null
                ? Stickiness.choose(published.model(), targets, key)
                : weighted(chance.getAsDouble());
        return loaded(ref, target);
    }

    private long weighted(double chance) {
        double left = chance * weights;
        for (Endpoint.Target target : targets) {
            left -= target.weight();
            if (left < 0) {
                return target.version();
            }
        }
        return targets.getLast().version();
    }

    /** The version that a reference means; of an endpoint with several targets the first. */
    ServedVersion version(ModelRef ref) {
        return switch (ref.selector()) {
            case ModelRef.ByEndpoint _ -> {
                if (targets.isEmpty()) {
                    throw new FailureException(
                            new Failure.NotReady("model '" + ref.model() + "' has no version that serves"));
                }
                yield loaded(ref, targets.getFirst().version());
            }
            case ModelRef.ByVersion(long number) -> {
                ServedVersion version = versions.get(number);
                if (version == null && !published.absent().contains(number)) {
                    throw new FailureException(Failure.VersionNotFound.of(ref));
                }
                yield loaded(ref, number);
            }
            case ModelRef.ByAlias(String alias) -> {
                Long number = published.aliases().get(alias);
                if (number == null) {
                    throw new FailureException(Failure.VersionNotFound.of(ref));
                }
                yield loaded(ref, number);
            }
        };
    }

    private ServedVersion loaded(ModelRef ref, long number) {
        ServedVersion version = versions.get(number);
        if (version == null) {
            throw new FailureException(new Failure.NotReady(
                    "'" + ref + "' means version " + number + " of model '" + ref.model() + "', which is not loaded"));
        }
        return version;
    }

    /** The versions that answer requests which name none. */
    Set<ServedVersion> targets() {
        return targets.stream()
                .map(target -> versions.get(target.version()))
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The version that gets a copy of a request, if any. */
    @Nullable
    ServedVersion shadow(ModelRef ref) {
        Long shadow = published.endpoint().shadow();
        return shadow == null || !(ref.selector() instanceof ModelRef.ByEndpoint) ? null : versions.get(shadow);
    }
}
