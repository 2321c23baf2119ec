package dev.slipway.serving;

import dev.slipway.core.Settings;

/**
 * How many runs of a version go on at once, and how many threads each uses.
 *
 * @param instances the most runs at once
 * @param threads the threads inside one run
 */
record Parallelism(int instances, int threads) {

    /** What the settings say; what they leave open is chosen so that instances × threads fill the cores. */
    static Parallelism of(Settings settings, int cores) {
        int instances = settings.instances();
        int threads = settings.intraOpThreads();
        if (threads == 0) {
            threads = instances == 0 ? 1 : Math.max(1, cores / instances);
        }
        if (instances == 0) {
            instances = Math.max(1, cores / threads);
        }
        return new Parallelism(instances, threads);
    }

    Settings apply(Settings settings) {
        return settings.withParallelism(instances, threads);
    }
}
