package dev.slipway.serving;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.QueueSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a version: by priority, within one those before that have not waited for longer than its policy
 * says, and of these the oldest first.
 */
final class RequestQueue {

    /** How far past the first call others are looked for, in multiples of the most rows of a run. */
    private static final int LOOK_AHEAD = 4;

    private final QueueSettings settings;
    private final ByteBudget budget;

    /** For each priority, the highest first, the calls in time and those that have been delayed. */
    private final List<CallList> lists = new ArrayList<>();

    private int size;
    private long rows;

    RequestQueue(QueueSettings settings, ByteBudget budget) {
        this.settings = settings;
        this.budget = budget;
        for (int level = 0; level < Math.max(1, settings.priorityLevels()); level++) {
            lists.add(new CallList());
            lists.add(new CallList());
        }
    }

    /** What came of an attempt to wait. */
    enum Offer {
        ACCEPTED,
        QUEUE_FULL,
        PRIORITY_FULL,
        BYTES_FULL
    }

    synchronized Offer offer(Call call) {
        if (size >= settings.size()) {
            return Offer.QUEUE_FULL;
        }
        int level = call.admission().priority();
        int most = settings.policy(level).size();
        if (most > 0 && inTime(level).size() + delayed(level).size() >= most) {
            return Offer.PRIORITY_FULL;
        }
        if (!budget.tryTake(call.bytes()) && !budget.tryTakeAlone(call.bytes())) {
            return Offer.BYTES_FULL;
        }
        inTime(level).add(call);
        size++;
        rows += call.admission().rows();
        return Offer.ACCEPTED;
    }

    private CallList inTime(int level) {
        return lists.get(2 * level);
    }

    private CallList delayed(int level) {
        return lists.get(2 * level + 1);
    }

    /** Takes a call out; false when it does not wait here any more. */
    synchronized boolean remove(Call call) {
        if (call.list == null) {
            return false;
        }
        takeOut(call.list, call);
        return true;
    }

    /** Lets a call wait behind those of its priority that are in time, if it still waits. */
    synchronized void delay(Call call) {
        if (call.list != null) {
            call.list.remove(call);
            delayed(call.admission().priority()).add(call);
        }
    }

    /** Takes the call whose turn it is, and those behind it that may share its run, up to so many rows together. */
    synchronized List<Call> take(long maxRows) {
        List<Call> calls = new ArrayList<>();
        long together = 0;
        long looks = LOOK_AHEAD * maxRows;
        for (CallList list : lists) {
            for (Call call = list.first(); call != null; ) {
                Call next = call.after;
                if (calls.isEmpty() || mayJoin(calls.getFirst(), call, maxRows - together)) {
                    takeOut(list, call);
                    calls.add(call);
                    together += call.admission().rows();
                }
                if (!calls.getFirst().admission().shareable() || together >= maxRows || --looks < 0) {
                    return calls;
                }
                call = next;
            }
        }
        return calls;
    }

    private static boolean mayJoin(Call head, Call call, long room) {
        return call.admission().rows() <= room && head.admission().fits(call.admission());
    }

    private void takeOut(CallList list, Call call) {
        list.remove(call);
        size--;
        rows -= call.admission().rows();
        budget.giveBack(call.bytes());
    }

    /** When the call that has waited longest came, or null when none waits. */
    synchronized @Nullable Long waitingSince() {
        Long since = null;
        for (CallList list : lists) {
            Call first = list.first();
            if (first != null && (since == null || first.admission().arrived() - since < 0)) {
                since = first.admission().arrived();
            }
        }
        return since;
    }

    /** Every call that waits. */
    synchronized List<Call> all() {
        List<Call> all = new ArrayList<>();
        for (CallList list : lists) {
            for (Call call = list.first(); call != null; call = call.after) {
                all.add(call);
            }
        }
        return all;
    }

    synchronized int size() {
        return size;
    }

    synchronized long rows() {
        return rows;
    }
}
