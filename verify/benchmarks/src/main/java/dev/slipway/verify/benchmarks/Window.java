package dev.slipway.verify.benchmarks;

/**
 * What was measured of one server for a short time.
 *
 * @param requests answered
 * @param seconds that it took
 * @param processorMicros that the server's processes had per request
 * @param median of the times to the whole answer, milliseconds
 * @param late the 99th percentile of them
 */
record Window(long requests, double seconds, double processorMicros, double median, double late) {

    double rate() {
        return requests / seconds;
    }
}
