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

    void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    /** What was measured, with the processor time of all requests together. */
    Window window(double seconds, double processorMicros) {
        if (count == 0) {
            throw new IllegalStateException("no request was answered in " + seconds + " s");
        }
        Arrays.sort(nanos, 0, count);
        return new Window(count, seconds, processorMicros / count, millis(0.5), millis(0.99), millis(0.999));
    }

    private double millis(double share) {
        return nanos[(int) (count * share)] / 1e6;
    }
}
