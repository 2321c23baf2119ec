package dev.slipway.serving;

/** Time as the data plane sees it: the clock, and what is to happen later. */
public interface Timer extends AutoCloseable {

    /** Something that will happen unless it is cancelled. */
    interface Alarm {
        /** Makes it not happen, if it has not yet; may be called at any time, from any thread, again. */
        void cancel();
    }

    /** Nanoseconds on the scale of {@link System#nanoTime}. */
    long nanoTime();

    /** Milliseconds since the epoch. */
    long currentTimeMillis();

    /** Runs {@code task}, which must be short, on the timer's own thread once {@code nanoTime} has come. */
    Alarm at(long nanoTime, Runnable task);

    @Override
    void close();
}
