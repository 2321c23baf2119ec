package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.Registry;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers what should serve after a start, so that it is answered at once, and then loads it as far as there is room,
 * several versions at a time.
 */
final class Restoration {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    private final Registry registry;
    private final VersionLoader loader;
    private final Fleet fleet;
    private final ModelChanges changes;
    private final UnderWay underWay;
    private final boolean loads;
    private final int parallelism;

    /**
     * A restoration that has not begun.
     *
     * @param underWay closed when nothing more is to be brought back
     * @param loads whether versions are loaded before they are asked
     */
    Restoration(
            Registry registry,
            VersionLoader loader,
            Fleet fleet,
            ModelChanges changes,
            UnderWay underWay,
            boolean loads,
            int parallelism) {
        this.registry = registry;
        this.loader = loader;
        this.fleet = fleet;
        this.changes = changes;
        this.underWay = underWay;
        this.loads = loads;
        this.parallelism = parallelism;
    }

    void run() {
        List<LoadedVersion> offered = new ArrayList<>();
        registry.all().forEach(record -> offered.addAll(offered(record.name())));
        if (loads) {
            try (ExecutorService workers = Executors.newFixedThreadPool(
                    parallelism, Thread.ofVirtual().name("slipway-restore-", 0).factory())) {
                offered.forEach(version -> workers.execute(() -> load(version)));
            }
        }
    }

    private Collection<LoadedVersion> offered(ModelName model) {
        if (underWay.closed()) {
            return List.of();
        }
        try {
            return changes.alone(
                    model, () -> registry.model(model).map(this::offer).orElse(List.of()));
        } catch (RuntimeException | Error e) {
            if (!underWay.closed()) {
                LOG.error(
                        "'{}' is not brought back: {}",
                        model,
                        FailureException.of(e).detail(),
                        e);
            }
            return List.of();
        }
    }

    private Collection<LoadedVersion> offer(ModelRecord record) {
        SortedMap<Long, LoadedVersion> versions = new TreeMap<>(fleet.memory(record.name()));
        for (VersionRecord version : record.versions()) {
            if (version.served() && !versions.containsKey(version.number())) {
                try {
                    versions.put(version.number(), loader.offer(record.name(), version));
                } catch (RuntimeException | Error e) {
                    if (underWay.closed()) {
                        throw e;
                    }
                    Failure why = FailureException.of(e);
                    LOG.error(
                            "version {} of '{}' cannot be offered: {}",
                            version.number(),
                            record.name(),
                            why.detail(),
                            e);
                    fleet.failed(record.name(), version.number(), why);
                }
            }
        }
        fleet.publish(record, versions);
        return versions.values();
    }

    /** What fails has said so in the log, and is named by the version. */
    private void load(LoadedVersion version) {
        try {
            if (!underWay.closed() && !version.loadIfRoom()) {
                LOG.debug("'{}' version {} is loaded when it is asked", version.model(), version.version());
            }
        } catch (FailureException e) {
            LOG.debug("'{}' version {} was not loaded", version.model(), version.version(), e);
        }
    }
}
