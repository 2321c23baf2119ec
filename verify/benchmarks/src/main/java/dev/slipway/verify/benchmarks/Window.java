package dev.slipway.verify.benchmarks;

/**
 * What was measured of one subject for a short time.
 *
 * @param requests answered
 * @param seconds that it took
 * @param processorMicros that the subject's processes had per request
 * @param median of the times to the whole answer, milliseconds
 * @param late the 99th percentile of them
 * @param latest the 99.9th percentile of them
 */
public record Window(long requests, double seconds, double processorMicros, double median, double late, double latest) {

    public double rate() {
        return requests / seconds;
    }
}
