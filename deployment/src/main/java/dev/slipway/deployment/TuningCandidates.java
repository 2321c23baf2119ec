package dev.slipway.deployment;

import dev.slipway.core.Settings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The settings worth trying on a machine: instances × intra-op threads within its cores, by numbers of rows in a run. */
final class TuningCandidates {

    private static final List<Integer> ROWS = List.of(1, 8, 32, 128);

    private TuningCandidates() {}

    /**
     * The present settings, and others.
     *
     * @param batchable whether requests may share a run
     */
    static List<Settings> of(Settings present, int cores, boolean batchable) {
        Set<Settings> candidates = new LinkedHashSet<>();
        candidates.add(present);
        for (int threads : steps(cores)) {
            for (int instances : steps(cores / threads)) {
                for (int rows : batchable ? ROWS : List.of(present.batching().maxSize())) {
                    candidates.add(present.withParallelism(instances, threads).withBatching(batching(present, rows)));
                }
            }
        }
        return new ArrayList<>(candidates);
    }

    private static Settings.Batching batching(Settings present, int rows) {
        return new Settings.Batching(
                rows,
                present.batching().maxDelay(),
                present.batching().preferredSizes().stream()
                        .filter(size -> size <= rows)
                        .toList());
    }

    /** The powers of two up to a number, and the number. */
    private static List<Integer> steps(int most) {
        return IntStream.concat(IntStream.iterate(1, step -> step <= most, step -> 2 * step), IntStream.of(most))
                .distinct()
                .boxed()
                .toList();
    }
}
