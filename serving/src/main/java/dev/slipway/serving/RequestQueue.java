package dev.slipway.serving;

import dev.slipway.core.ByteBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls that wait for a version, oldest first: a linked list, so that one that is given up frees its place at once. */
final class RequestQueue {

    /** How far past the first call others are looked for, in multiples of the most rows of a run. */
    private static final int LOOK_AHEAD = 4;

    private final int limit;
    private final ByteBudget budget;
    private @Nullable Call first;
    private @Nullable Call last;
    private int size;
    private long rows;

    RequestQueue(int limit, ByteBudget budget) {
        this.limit = limit;
        this.budget = budget;
    }

    /** What came of an attempt to wait. */
    enum Offer {
        ACCEPTED,
        QUEUE_FULL,
        BYTES_FULL
    }

    synchronized Offer offer(Call call) {
        if (size >= limit) {
            return Offer.QUEUE_FULL;
        }
        if (!budget.tryTake(call.bytes()) && !budget.tryTakeAlone(call.bytes())) {
            return Offer.BYTES_FULL;
        }
        call.before = last;
        if (last == null) {
            first = call;
        } else {
            last.after = call;
        }
        last = call;
        call.queued = true;
        size++;
        rows += call.admission().rows();
        return Offer.ACCEPTED;
    }

    /** Takes a call out; false when it does not wait here any more. */
    synchronized boolean remove(Call call) {
        if (!call.queued) {
            return false;
        }
        unlink(call);
        return true;
    }

    /** Takes the oldest call, and those behind it that may share its run, up to so many rows together. */
    synchronized List<Call> take(long maxRows) {
        Call head = first;
        if (head == null) {
            return List.of();
        }
        unlink(head);
        long together = head.admission().rows();
        if (!head.admission().shareable() || together >= maxRows) {
            return List.of(head);
        }
        List<Call> calls = new ArrayList<>();
        calls.add(head);
        long looks = LOOK_AHEAD * maxRows;
        for (Call call = first; call != null && together < maxRows && looks > 0; looks--) {
            Call next = call.after;
            if (together + call.admission().rows() <= maxRows
                    && head.admission().fits(call.admission())) {
                unlink(call);
                calls.add(call);
                together += call.admission().rows();
            }
            call = next;
        }
        return calls;
    }

    private void unlink(Call call) {
        Call before = call.before;
        Call after = call.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        call.before = null;
        call.after = null;
        call.queued = false;
        size--;
        rows -= call.admission().rows();
        budget.giveBack(call.bytes());
    }

    /** When the oldest call came, or null when none waits or so many rows wait that nothing is to be waited for. */
    synchronized @Nullable Long waitingSince(long enoughRows) {
        return first == null || rows >= enoughRows ? null : first.admission().arrived();
    }

    synchronized @Nullable Call oldest() {
        return first;
    }

    synchronized int size() {
        return size;
    }
}
