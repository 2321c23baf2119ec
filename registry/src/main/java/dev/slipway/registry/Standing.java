package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a change is decided on: a model as it stands in the transaction.
 *
 * @param present whether the model exists; one that was removed, or never was, does not
 * @param revision of the last change; goes on when a removed model comes back
 * @param versions the live versions' numbers
 * @param used every number that a version ever had
 * @param seq of the last history entry; 0 before the first
 * @param hash of the last history entry; empty before the first
 * @param time of the last history entry
 */
record Standing(
        ModelName model,
        boolean present,
        long revision,
        long endpointRevision,
        Endpoint endpoint,
        Set<Long> versions,
        Set<Long> used,
        Map<String, Long> aliases,
        long seq,
        String hash,
        Instant time) {

    static Standing absent(ModelName model) {
        return new Standing(model, false, 0, 0, Endpoint.NONE, Set.of(), Set.of(), Map.of(), 0, "", Instant.EPOCH);
    }

    /**
     * Refuses a change that does not fit.
     *
     * @throws FailureException {@code ModelNotFound}, {@code VersionNotFound}, {@code Conflict}, {@code BadInput}
     */
    void require(Change change) {
        ModelRecord.requireRevision(model, present ? revision : 0, change.expectedRevision());
        VersionRecord added = change.add();
        if (!present && added == null) {
            throw new FailureException(Failure.ModelNotFound.of(model));
        }
        if (added != null && used.contains(added.number())) {
            throw conflict("the number was used before, the next free one is " + (highest() + 1), added.number());
        }
        Set<Long> known = new HashSet<>(versions);
        if (added != null) {
            known.add(added.number());
        }
        requireVersions(known, change);
        if (!change.removeModel()) {
            requireUnnamed(change);
        }
    }

    private void requireVersions(Set<Long> known, Change change) {
        Set<Long> named = new HashSet<>(change.remove());
        named.addAll(change.settings().keySet());
        named.addAll(change.served().keySet());
        endpointAfter(change).versions().forEach(named::add);
        change.aliases().forEach((alias, version) -> {
            requireAlias(alias);
            if (version != null) {
                named.add(version);
            }
        });
        for (long version : named) {
            if (!known.contains(version)) {
                throw new FailureException(Failure.VersionNotFound.of(ModelRef.of(model, version)));
            }
        }
    }

    private static void requireAlias(String alias) {
        if (new ModelRef.ByAlias(alias).alias().equals("stable")) {
            throw new FailureException(Failure.BadInput.of(
                    "alias 'stable' is a view of the endpoint: move the endpoint, or choose another name"));
        }
    }

    private void requireUnnamed(Change change) {
        Endpoint endpointAfter = endpointAfter(change);
        for (long version : change.remove()) {
            if (endpointAfter.versions().contains(version)) {
                throw conflict("the endpoint sends requests to it, move it first", version);
            }
            aliasesAfter(change).forEach((alias, named) -> {
                if (named == version) {
                    throw conflict("the alias '" + alias + "' names it, move or remove it first", version);
                }
            });
        }
    }

    private FailureException conflict(String reason, long version) {
        return new FailureException(
                new Failure.Conflict("version " + version + " of model '" + model + "': " + reason));
    }

    Endpoint endpointAfter(Change change) {
        if (change.removeModel()) {
            return Endpoint.NONE;
        }
        Endpoint next = change.endpoint();
        return next == null ? endpoint : next;
    }

    private Map<String, Long> aliasesAfter(Change change) {
        Map<String, Long> after = new HashMap<>(aliases);
        change.aliases().forEach((alias, version) -> {
            if (version == null) {
                after.remove(alias);
            } else {
                after.put(alias, version);
            }
        });
        return after;
    }

    private long highest() {
        return used.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The version that a history entry of {@code change} is about, else the one that gets the most after it. */
    @Nullable
    Long subject(Change change) {
        if (change.add() != null) {
            return change.add().number();
        }
        Set<Long> touched = new HashSet<>(change.remove());
        touched.addAll(change.settings().keySet());
        touched.addAll(change.served().keySet());
        change.aliases().values().forEach(version -> {
            if (version != null) {
                touched.add(version);
            }
        });
        if (change.endpoint() == null && touched.size() == 1) {
            return touched.iterator().next();
        }
        return busiest(endpointAfter(change));
    }

    /** The version with the greatest weight, the first of equal ones; null when there is none. */
    static @Nullable Long busiest(Endpoint endpoint) {
        return endpoint.targets().stream()
                .max(Comparator.comparingInt(Endpoint.Target::weight)
                        .thenComparing(endpoint.targets()::indexOf, Comparator.reverseOrder()))
                .map(Endpoint.Target::version)
                .orElse(null);
    }
}
