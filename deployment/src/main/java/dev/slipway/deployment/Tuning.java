package dev.slipway.deployment;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.Settings;
import dev.slipway.deployment.TuningResult.Tried;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.Batchability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the settings with which a version does best on this machine: loads it beside traffic with one candidate after
 * another and lets callers ask as fast as they are answered; the best quarter is measured again, for longer.
 */
final class Tuning {

    /** One part of the time warms up, two go over all candidates, and two over the best. */
    private static final int PARTS = 5;

    /** The share of a measurement that warms up and does not count. */
    private static final int WARM_UP = 5;

    private final VersionLoader loader;
    private final LongSupplier nanoTime;
    private final String processor;
    private final int cores;
    private final Semaphore one = new Semaphore(1);
    private volatile @Nullable Failure stopped;

    Tuning(VersionLoader loader, LongSupplier nanoTime, String processor, int cores) {
        this.loader = loader;
        this.nanoTime = nanoTime;
        this.processor = processor;
        this.cores = cores;
    }

    /**
     * Measures; changes nothing.
     *
     * @throws FailureException {@code Conflict} while another version is measured, whose figures this would spoil
     */
    TuningResult tune(ModelName model, VersionRecord version, TuningGoal goal, Cancellation cancellation) {
        if (!one.tryAcquire()) {
            throw new FailureException(new Failure.Conflict(
                    "another version is being tuned; its figures and these would spoil each other"));
        }
        try {
            return search(new Session(model, version, goal, cancellation));
        } finally {
            one.release();
        }
    }

    /** Ends what is being measured, and measures nothing more. */
    void stop(Failure why) {
        stopped = why;
    }

    private TuningResult search(Session session) {
        TuningGoal goal = session.goal();
        Settings present = VersionDocuments.settings(session.version());
        Duration part = goal.time().dividedBy(PARTS);
        session.measure(present, part);
        List<Settings> all = TuningCandidates.of(present, cores, session.batchable());
        Map<Settings, Tried> tried = new LinkedHashMap<>();
        for (Settings settings : all) {
            tried.put(settings, session.measure(settings, part.multipliedBy(2).dividedBy(all.size())));
        }
        List<Settings> finalists = tried.values().stream()
                .filter(one -> !one.settings().equals(present))
                .sorted(goal.better())
                .limit(Math.max(1, all.size() / 4))
                .map(Tried::settings)
                .collect(Collectors.toCollection(ArrayList::new));
        finalists.add(present);
        for (Settings settings : finalists) {
            tried.put(settings, session.measure(settings, part.multipliedBy(2).dividedBy(finalists.size())));
        }
        Tried best = goal.best(
                tried.values().iterator().next(),
                finalists.stream().map(tried::get).toList());
        return new TuningResult(processor, cores, new ArrayList<>(tried.values()), best, goal.allows(best));
    }

    /** The measurements of one version. */
    private final class Session {

        private final ModelName model;
        private final VersionRecord version;
        private final TuningGoal goal;
        private final Cancellation cancellation;
        private boolean batchable;

        Session(ModelName model, VersionRecord version, TuningGoal goal, Cancellation cancellation) {
            this.model = model;
            this.version = version;
            this.goal = goal;
            this.cancellation = cancellation;
        }

        VersionRecord version() {
            return version;
        }

        TuningGoal goal() {
            return goal;
        }

        boolean batchable() {
            return batchable;
        }

        private void requireWanted() {
            Failure given = stopped == null ? cancellation.reason() : stopped;
            if (given != null) {
                throw new FailureException(given);
            }
        }

        Tried measure(Settings settings, Duration time) {
            requireWanted();
            VersionLoader.Prepared prepared =
                    loader.loadWith(model, version, settings.withQueue(QueueSettings.DEFAULT));
            try {
                batchable = !(prepared.loaded().batchability() instanceof Batchability.No);
                List<NamedTensor> sample = loader.sample(version, prepared.trial());
                try {
                    return measure(prepared.trial(), settings, sample, time);
                } finally {
                    NamedTensor.closeAll(sample);
                }
            } finally {
                loader.abandon(prepared);
            }
        }

        private Tried measure(Trial trial, Settings settings, List<NamedTensor> sample, Duration time) {
            long begin = nanoTime.getAsLong() + time.toNanos() / WARM_UP;
            long end = nanoTime.getAsLong() + time.toNanos();
            List<Future<LongStream>> callers = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < goal.concurrency(); i++) {
                    callers.add(threads.submit(() -> ask(trial, sample, begin, end)));
                }
            }
            long[] nanos = callers.stream().flatMapToLong(Tuning::join).sorted().toArray();
            return new Tried(
                    settings,
                    nanos.length / ((nanoTime.getAsLong() - begin) / 1e9),
                    percentile(nanos, 0.5),
                    percentile(nanos, 0.99));
        }

        private LongStream ask(Trial trial, List<NamedTensor> sample, long begin, long end) {
            LongStream.Builder nanos = LongStream.builder();
            int counted = 0;
            for (long now = nanoTime.getAsLong(); now - end < 0 || counted == 0; ) {
                requireWanted();
                trial.run(NamedTensor.retainAll(sample)).close();
                long after = nanoTime.getAsLong();
                if (now - begin >= 0 || after - end >= 0) {
                    nanos.add(after - now);
                    counted++;
                }
                now = after;
            }
            return nanos.build();
        }
    }

    private static LongStream join(Future<LongStream> caller) {
        try {
            return caller.get();
        } catch (ExecutionException e) {
            throw new FailureException(FailureException.of(e), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(new Failure.Cancelled("the tuning was interrupted"));
        }
    }

    private static double percentile(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
    }
}
