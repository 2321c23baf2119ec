package dev.slipway.verify.benchmarks;

import java.util.Arrays;

/** Times from a request to its whole answer, as they come. */
final class Latencies {

    private long[] nanos = new long[1 << 14];
    private int count;

    void add(long each) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = each;
    }

    Window window(double seconds, double processorMicros) {
        if (count == 0) {
            throw new IllegalStateException("no request was answered in " + seconds + " s");
        }
        Arrays.sort(nanos, 0, count);
        return new Window(
                count, seconds, processorMicros / count, nanos[count / 2] / 1e6, nanos[count * 99 / 100] / 1e6);
    }
}
