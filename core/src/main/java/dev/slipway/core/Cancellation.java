package dev.slipway.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flag, raised once, that tells work to stop, and why. Safe for use by several threads. */
public final class Cancellation {

    private final List<Runnable> listeners = new ArrayList<>(1);
    private volatile @Nullable Failure reason;

    /** Raises the flag; only the first reason counts. */
    public void cancel(Failure why) {
        List<Runnable> toTell;
        synchronized (listeners) {
            if (reason != null) {
                return;
            }
            reason = why;
            toTell = List.copyOf(listeners);
            listeners.clear();
        }
        toTell.forEach(Runnable::run);
    }

    public boolean cancelled() {
        return reason != null;
    }

    /** Why, or null while nobody has cancelled. */
    public @Nullable Failure reason() {
        return reason;
    }

    /** Runs {@code listener} when the flag is raised, at once if it already is. */
    public void onCancel(Runnable listener) {
        synchronized (listeners) {
            if (reason == null) {
                listeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    /** Forgets a listener. */
    public void remove(Runnable listener) {
        synchronized (listeners) {
            listeners.remove(listener);
        }
    }
}
