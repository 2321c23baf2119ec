package dev.slipway.serving;

import org.jspecify.annotations.Nullable;

/** Waiting calls in the order in which they came: a linked list, so that one that is given up frees its place at once. */
final class CallList {

    private @Nullable Call first;
    private @Nullable Call last;
    private int size;

    void add(Call call) {
        call.before = last;
        if (last == null) {
            first = call;
        } else {
            last.after = call;
        }
        last = call;
        call.list = this;
        size++;
    }

    /** Takes out a call that is in this list. */
    void remove(Call call) {
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
        call.list = null;
        size--;
    }

    @Nullable
    Call first() {
        return first;
    }

    int size() {
        return size;
    }
}
