package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ResponseSink;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back to one caller. Answers come from the thread that runs, failures from any thread; the caller's sink is
 * told of them one after another, and of nothing after the end. Nobody waits for a lock while the sink is told.
 */
final class Reply {

    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

    private enum Phase {
        OPEN,
        SPEAKING,
        CLOSED
    }

    private final ResponseSink sink;

    /** A {@link Phase}, or the {@link Failure} that came while the sink was being told of an answer. */
    private final AtomicReference<Object> state = new AtomicReference<>(Phase.OPEN);

    Reply(ResponseSink sink) {
        this.sink = sink;
    }

    boolean closed() {
        Object now = state.get();
        return now != Phase.OPEN && now != Phase.SPEAKING;
    }

    /** Passes an answer on, or gives it back when nobody waits for it any more. */
    void next(InferenceResponse response) {
        if (!state.compareAndSet(Phase.OPEN, Phase.SPEAKING)) {
            response.close();
            return;
        }
        tell(() -> sink.next(response));
        if (!state.compareAndSet(Phase.SPEAKING, Phase.OPEN)
                && state.getAndSet(Phase.CLOSED) instanceof Failure meanwhile) {
            tell(() -> sink.fail(meanwhile));
        }
    }

    /**
     * Ends well; false when it had ended already.
     *
     * @param counting done before the caller hears of the end, so that what it then reads has it in
     */
    boolean complete(Runnable counting) {
        if (!state.compareAndSet(Phase.OPEN, Phase.CLOSED)) {
            return false;
        }
        counting.run();
        tell(sink::complete);
        return true;
    }

    /** Ends with a failure, after {@code counting}; false when it had ended already. */
    boolean fail(Failure failure, Runnable counting) {
        for (; ; ) {
            if (state.compareAndSet(Phase.OPEN, Phase.CLOSED)) {
                counting.run();
                tell(() -> sink.fail(failure));
                return true;
            }
            if (state.compareAndSet(Phase.SPEAKING, failure)) {
                counting.run();
                return true;
            }
            if (closed()) {
                return false;
            }
        }
    }

    private static void tell(Runnable word) {
        try {
            word.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a response sink threw, which it must not", e);
        }
    }
}
