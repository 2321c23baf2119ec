package dev.slipway.bench;

/**
 * A V2 server's own count of a model's work: sums over all of its versions.
 *
 * @param requests that succeeded
 * @param inferences the rows of them
 * @param executions runs of the model
 * @param queueNanos that requests waited
 * @param computeNanos that they were computed
 */
public record Statistics(long requests, long inferences, long executions, long queueNanos, long computeNanos) {

    /** What was added since. */
    Statistics since(Statistics before) {
        return new Statistics(
                requests - before.requests,
                inferences - before.inferences,
                executions - before.executions,
                queueNanos - before.queueNanos,
                computeNanos - before.computeNanos);
    }

    /** Rows per run; NaN without a run. */
    public double batch() {
        return executions == 0 ? Double.NaN : (double) inferences / executions;
    }

    /** How long a request waited on average, milliseconds; NaN without one. */
    public double queueMillis() {
        return requests == 0 ? Double.NaN : queueNanos / 1e6 / requests;
    }

    /** How long a request was computed on average, milliseconds; NaN without one. */
    public double computeMillis() {
        return requests == 0 ? Double.NaN : computeNanos / 1e6 / requests;
    }
}
