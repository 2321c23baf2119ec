package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.registry.Change;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.Registry;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which a model changes: load beside traffic what the change needs, commit it in one transaction, publish
 * by a swap that cannot fail. Whatever fails before the commit leaves everything as it was.
 */
final class ModelChanges {

    private final Registry registry;
    private final VersionLoader loader;
    private final Fleet fleet;
    private final ConcurrentHashMap<ModelName, ReentrantLock> locks = new ConcurrentHashMap<>();

    ModelChanges(Registry registry, VersionLoader loader, Fleet fleet) {
        this.registry = registry;
        this.loader = loader;
        this.fleet = fleet;
    }

    /**
     * A change and what must be in memory when it is in force.
     *
     * @param change null when nothing is to be recorded and only memory catches up
     * @param wanted versions that must be ready, loaded if they are not in memory
     * @param fresh those of them that are loaded anew even if they are
     */
    record Step(@Nullable Change change, Set<Long> wanted, Set<Long> fresh, Examination.Rigor rigor) {
        Step {
            wanted = Set.copyOf(wanted);
            fresh = Set.copyOf(fresh);
        }

        /** A change that needs nothing in memory. */
        static Step only(Change change) {
            return new Step(change, Set.of(), Set.of(), Examination.Rigor.WARM_UP);
        }
    }

    /** Runs {@code work} while no other change of the model goes on; for names that exist or are about to. */
    <T> T alone(ModelName model, Supplier<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(model, _ -> new ReentrantLock());
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** What is recorded of a model, where that is still the revision that the caller decided on. */
    ModelRecord existing(ModelName model, @Nullable Long expectedRevision) {
        ModelRecord record =
                registry.model(model).orElseThrow(() -> new FailureException(Failure.ModelNotFound.of(model)));
        record.requireRevision(expectedRevision);
        return record;
    }

    static VersionRecord version(ModelRecord record, long number) {
        return record.version(number)
                .orElseThrow(
                        () -> new FailureException(Failure.VersionNotFound.of(ModelRef.of(record.name(), number))));
    }

    /** Whether requests were ever sent to a version without naming it. */
    boolean servedBefore(ModelName model, long version) {
        return registry.endpoints(model).stream()
                .anyMatch(endpoint -> endpoint.versions().contains(version));
    }

    /** How a version is examined that is to serve: one that never did has its checks before it. */
    Examination.Rigor rigor(ModelName model, long version) {
        return servedBefore(model, version) ? Examination.Rigor.WARM_UP : Examination.Rigor.REFUSE;
    }

    /**
     * Applies a step; only within {@link #alone}.
     *
     * @return what was found about the versions that were loaded for it
     */
    Map<Long, Examination.Report> apply(ModelRecord before, Step step, Consumer<String> progress) {
        Change change = step.change() == null ? null : decided(before, step.change(), step.wanted());
        ModelRecord after = change == null ? before : Succession.after(before, change);
        Map<Long, VersionLoader.Prepared> prepared = prepare(before, after, step, progress);
        try {
            if (change != null) {
                progress.accept("committing");
                registry.apply(change);
            }
        } catch (RuntimeException | Error e) {
            abandon(before.name(), prepared);
            throw e;
        }
        fleet.publish(after, inMemory(after, prepared));
        Map<Long, Examination.Report> reports = new TreeMap<>();
        prepared.forEach((number, version) -> reports.put(number, version.report()));
        return reports;
    }

    /** The change with what it means for memory, for the revision that it was decided on. */
    private static Change decided(ModelRecord before, Change change, Set<Long> wanted) {
        Change decided = Succession.serving(before, change, wanted);
        return before.revision() == 0 ? decided : decided.expecting(before.revision());
    }

    private Map<Long, VersionLoader.Prepared> prepare(
            ModelRecord before, ModelRecord after, Step step, Consumer<String> progress) {
        ModelName model = after.name();
        SortedSet<Long> missing = new TreeSet<>(step.wanted());
        fleet.memory(model).forEach((number, loaded) -> {
            if (missing.remove(number) && !step.fresh().contains(number)) {
                loaded.load();
            }
        });
        missing.addAll(step.fresh());
        Map<Long, VersionLoader.Prepared> prepared = new TreeMap<>();
        for (long number : missing) {
            fleet.loading(model, number);
            try {
                prepared.put(number, loader.load(model, version(after, number), step.rigor(), progress));
            } catch (RuntimeException | Error e) {
                abandon(model, prepared);
                if (before.version(number).filter(VersionRecord::served).isPresent()) {
                    fleet.failed(model, number, FailureException.of(e));
                } else {
                    fleet.notLoading(model, number);
                }
                throw e;
            }
        }
        return prepared;
    }

    private void abandon(ModelName model, Map<Long, VersionLoader.Prepared> prepared) {
        prepared.forEach((number, version) -> {
            fleet.notLoading(model, number);
            loader.abandon(version);
        });
    }

    private SortedMap<Long, LoadedVersion> inMemory(ModelRecord after, Map<Long, VersionLoader.Prepared> prepared) {
        SortedMap<Long, LoadedVersion> versions = new TreeMap<>();
        fleet.memory(after.name()).forEach((number, loaded) -> {
            if (after.version(number).filter(VersionRecord::served).isPresent()) {
                versions.put(number, loaded);
            }
        });
        prepared.forEach((number, version) -> versions.put(number, version.loaded()));
        return versions;
    }
}
