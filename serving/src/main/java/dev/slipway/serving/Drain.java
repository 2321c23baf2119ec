package dev.slipway.serving;

import dev.slipway.core.Claims;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a version: no request comes in any more, those inside are waited for, then it is unloaded. */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final Shared shared;
    private final Supplier<String> label;
    private final Claims claims;
    private final CountDownLatch unloaded = new CountDownLatch(1);
    private final AtomicReference<@Nullable VersionState> state = new AtomicReference<>();
    private volatile boolean overdue;
    private volatile Timer.@Nullable Alarm watch;

    /** @param whenEmpty run once, after {@link #begin} and the last request */
    Drain(Shared shared, Supplier<String> label, Runnable whenEmpty) {
        this.shared = shared;
        this.label = label;
        this.claims = new Claims(whenEmpty);
    }

    /** The requests inside. */
    Claims claims() {
        return claims;
    }

    /** How far it is, or null before it has begun. */
    @Nullable
    VersionState state() {
        return state.get();
    }

    void begin() {
        state.compareAndSet(null, VersionState.UNLOADING);
        if (!claims.close()) {
            return;
        }
        Timer.Alarm set = shared.timer()
                .at(shared.timer().nanoTime() + shared.config().drainPatience().toNanos(), this::callOverdue);
        watch = set;
        if (state.get() == VersionState.UNLOADED) {
            set.cancel();
        }
    }

    private void callOverdue() {
        overdue = true;
        LOG.warn(
                "{} still has {} requests after {}; it is kept until they end",
                label.get(),
                claims.count(),
                shared.config().drainPatience());
    }

    /** Whether it takes longer than it should. */
    boolean overdue() {
        return overdue;
    }

    /** Tells that the version is unloaded; {@link #await} returns after {@link #release} only. */
    void over() {
        state.set(VersionState.UNLOADED);
        Timer.Alarm set = watch;
        if (set != null) {
            set.cancel();
        }
    }

    /** Lets go those who await the end. */
    void release() {
        unloaded.countDown();
    }

    /** Waits until it is unloaded; false when {@code patience} was over before. */
    boolean await(Duration patience) {
        try {
            return unloaded.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
