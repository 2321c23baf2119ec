package dev.slipway.serving;

import dev.slipway.serving.VersionStatistics.Batch;
import dev.slipway.serving.VersionStatistics.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What a version counts while it serves; see {@link VersionStatistics}. */
final class VersionCounters {

    private static final class Tally {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        void add(long duration) {
            count.increment();
            nanos.add(duration);
        }

        Duration duration() {
            return new Duration(count.sum(), nanos.sum());
        }
    }

    private record BatchTally(Tally input, Tally infer, Tally output) {}

    private final LongAdder inferences = new LongAdder();
    private final LongAdder executions = new LongAdder();
    private final Tally success = new Tally();
    private final Tally fail = new Tally();
    private final Tally queue = new Tally();
    private final Tally hit = new Tally();
    private final Tally miss = new Tally();
    private final Tally input = new Tally();
    private final Tally infer = new Tally();
    private final Tally output = new Tally();
    private final Map<Long, BatchTally> batches = new ConcurrentSkipListMap<>();
    private final int maxSize;
    private volatile long lastInferenceMillis;

    VersionCounters(int maxSize) {
        this.maxSize = maxSize;
    }

    void came(long millis) {
        lastInferenceMillis = millis;
    }

    /** A request was answered: all durations in nanoseconds. */
    void succeeded(long rows, long total, long queued, RunTimes times) {
        inferences.add(rows);
        success.add(total);
        queue.add(queued);
        input.add(times.input());
        infer.add(times.infer());
        output.add(times.output());
    }

    /** A request was answered by what another came to. */
    void repeated(long total) {
        success.add(total);
        hit.add(total);
    }

    /** A request was looked for in vain among the answers that are kept. */
    void missed(long looking) {
        miss.add(looking);
    }

    void failed(long total) {
        fail.add(total);
    }

    /** The engine ran once, well. */
    void ran(long rows, RunTimes times) {
        executions.increment();
        BatchTally batch = batches.computeIfAbsent(
                rows <= maxSize ? rows : nextPowerOfTwo(rows),
                _ -> new BatchTally(new Tally(), new Tally(), new Tally()));
        batch.input().add(times.input());
        batch.infer().add(times.infer());
        batch.output().add(times.output());
    }

    private static long nextPowerOfTwo(long rows) {
        return Long.highestOneBit(Math.max(1, rows - 1)) << 1;
    }

    VersionStatistics statistics(long queued, long running) {
        List<Batch> sizes = batches.entrySet().stream()
                .map(entry -> new Batch(
                        entry.getKey(),
                        entry.getValue().input().duration(),
                        entry.getValue().infer().duration(),
                        entry.getValue().output().duration()))
                .toList();
        return new VersionStatistics(
                lastInferenceMillis,
                inferences.sum(),
                executions.sum(),
                success.duration(),
                fail.duration(),
                queue.duration(),
                input.duration(),
                infer.duration(),
                output.duration(),
                hit.duration(),
                miss.duration(),
                sizes,
                queued,
                running);
    }
}
