package dev.slipway.server;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.JsonWriter;
import java.time.Duration;

/**
 * The heap that the JSON of answers holds while it is made and written. One answer is limited, and all together hold at
 * most a quarter of the heap: what compresses one needs as much again.
 */
final class AnswerMemory {

    private static final int SHARE = 4;

    /** Arrays up to this length are not counted; most answers fit in one. */
    private static final int SMALL = 16 << 10;

    private final long limit;
    private final ByteBudget all;
    private final Metrics metrics;

    /**
     * Memory that nothing is taken of yet.
     *
     * @param limit the most bytes of one answer
     * @param heap the bytes of the whole heap
     */
    AnswerMemory(long limit, long heap, Metrics metrics) {
        this.limit = limit;
        this.all = new ByteBudget(heap / SHARE);
        this.metrics = metrics;
    }

    long held() {
        return all.held();
    }

    /** What one answer holds: nothing yet. */
    Part part() {
        return new Part();
    }

    private FailureException refused(Failure failure) {
        metrics.rejected(failure.code());
        return new FailureException(failure);
    }

    /** What one answer holds, until it is closed. The answer may be made beside the thread that closes it. */
    final class Part implements JsonWriter.Growth, AutoCloseable {

        private long held;
        private boolean closed;

        /** Counts the array that is full, too: it is there until it is copied. */
        @Override
        public synchronized int next(int length, int needed) {
            if (closed) {
                throw new FailureException(new Failure.Cancelled("nobody waits for the answer any more"));
            }
            if (needed > limit) {
                throw refused(new Failure.TooLarge("answer: more than " + limit
                        + " bytes of JSON, at most that many are allowed (limits.answer); ask for fewer rows or"
                        + " outputs, or for them in binary form"));
            }
            int next = (int) Math.min(limit, JsonWriter.half(length, needed));
            if (next > SMALL) {
                take((long) length + next);
            }
            return next;
        }

        private void take(long wanted) {
            if (wanted > all.limit()) {
                throw refused(new Failure.TooLarge("answer: its JSON needs " + wanted
                        + " bytes while it is made, all answers together may hold " + all.limit()
                        + ", a quarter of the heap; give the server more, or ask for fewer rows or outputs"));
            }
            long more = wanted - held;
            if (!all.tryTake(more)) {
                throw refused(new Failure.Overloaded(
                        "answers in flight hold " + all.held() + " of " + all.limit()
                                + " bytes, a quarter of the heap, " + more + " more do not fit; try again soon",
                        Duration.ofSeconds(1)));
            }
            held = wanted;
        }

        @Override
        public synchronized void close() {
            closed = true;
            all.giveBack(held);
            held = 0;
        }
    }
}
