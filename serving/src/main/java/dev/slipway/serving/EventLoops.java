package dev.slipway.serving;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The event loops that requests are read on. */
@FunctionalInterface
public interface EventLoops {

    /** No request comes from an event loop. */
    EventLoops NONE = () -> null;

    /**
     * The loop whose thread calls, or null on any other thread. What it is given it runs on that thread, after all
     * that has become ready in this turn has been read.
     */
    @Nullable
    Executor current();
}
