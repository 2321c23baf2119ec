package dev.slipway.verify.system;

import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What a soak has asked, what it has heard, and what it has to complain of. */
final class SoakLedger {

    private static final int MOST_COMPLAINTS = 50;

    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicLong asked = new AtomicLong();
    private final LongAdder answered = new LongAdder();
    private final Semaphore changes = new Semaphore(0);
    private final Semaphore mischief = new Semaphore(0);
    private final int everySoOften;

    /** @param everySoOften requests between two changes of what is deployed */
    SoakLedger(int everySoOften) {
        this.everySoOften = everySoOften;
    }

    /** Counts a request whose answer is waited for; its number. */
    long ask() {
        long number = asked.incrementAndGet();
        if (number % everySoOften == 0) {
            changes.release();
        }
        if (number % (everySoOften / 4) == 0) {
            mischief.release();
        }
        return number;
    }

    /** Waits until it is time for another change of what is deployed. */
    void awaitChange() throws InterruptedException {
        changes.acquire();
    }

    /** Waits until it is time for another client that does not behave. */
    void awaitMischief() throws InterruptedException {
        mischief.acquire();
    }

    /** Counts an answer that was waited for. */
    void answered(String what) {
        answered.increment();
        count(what);
    }

    /** Counts something beside the answers. */
    void count(String what) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    void complain(String what) {
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(what);
        }
    }

    long asked() {
        return asked.get();
    }

    /** How often the answers were right that were waited for. */
    long right() {
        return Stream.of("json 200", "binary 200", "chunked 200", "predict 200", "grpc OK")
                .map(counts::get)
                .filter(Objects::nonNull)
                .mapToLong(LongAdder::sum)
                .sum();
    }

    long unanswered() {
        return asked.get() - answered.sum();
    }

    Queue<String> complaints() {
        return complaints;
    }

    /** Lets nobody wait any more. */
    void end() {
        changes.release(1 << 20);
        mischief.release(1 << 20);
    }

    @Override
    public String toString() {
        return asked.get() + " asked, " + unanswered() + " without an answer, " + complaints.size() + " complaints, "
                + counts;
    }
}
