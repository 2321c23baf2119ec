package dev.slipway.bench;

/**
 * A stretch of time, as {@link System#nanoTime()} tells it.
 *
 * @param from its first moment
 * @param until the first moment after it
 */
record Span(long from, long until) {

    static final Span NEVER = new Span(0, 0);

    boolean holds(long moment) {
        return moment - from >= 0 && moment - until < 0;
    }
}
