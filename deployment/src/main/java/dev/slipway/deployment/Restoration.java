package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.Registry;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what should serve back into memory after a start, several models at a time. */
final class Restoration {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final Registry registry;
    private final VersionLoader loader;
    private final Fleet fleet;
    private final ModelChanges changes;
    private final int parallelism;

    Restoration(Registry registry, VersionLoader loader, Fleet fleet, ModelChanges changes, int parallelism) {
        this.registry = registry;
        this.loader = loader;
        this.fleet = fleet;
        this.changes = changes;
        this.parallelism = parallelism;
    }

    void run() {
        List<ModelRecord> records = registry.all();
        for (ModelRecord record : records) {
            record.versions().stream()
                    .filter(VersionRecord::served)
                    .forEach(version -> fleet.loading(record.name(), version.number()));
        }
        try (ExecutorService workers = Executors.newFixedThreadPool(
                parallelism, Thread.ofVirtual().name("slipway-restore-", 0).factory())) {
            records.forEach(record -> workers.execute(() -> restore(record.name())));
        }
    }

    private void restore(ModelName model) {
        try {
            changes.alone(model, () -> {
                registry.model(model).ifPresent(this::restore);
                return model;
            });
        } catch (RuntimeException | Error e) {
            Failure why = FailureException.of(e);
            LOG.error("'{}' is not brought back: {}", model, why.detail(), e);
            fleet.failedLoading(model, why);
        }
    }

    private void restore(ModelRecord record) {
        SortedMap<Long, LoadedVersion> versions = new TreeMap<>(fleet.memory(record.name()));
        for (VersionRecord version : record.versions()) {
            if (version.served() && !versions.containsKey(version.number())) {
                try {
                    versions.put(
                            version.number(),
                            loader.load(record.name(), version, Examination.Rigor.WARM_UP, _ -> {})
                                    .loaded());
                } catch (RuntimeException | Error e) {
                    Failure why = FailureException.of(e);
                    LOG.error("version {} of '{}' does not load: {}", version.number(), record.name(), why.detail(), e);
                    fleet.failed(record.name(), version.number(), why);
                }
            }
        }
        fleet.publish(record, versions);
    }
}
