package dev.slipway.embed;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is to be closed, last opened first; handed over once everything could be opened. */
final class Closing implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Takes everything over to a new holder, which leaves this one with nothing to close. */
    Closing handOver() {
        Closing next = new Closing();
        next.parts.addAll(parts);
        parts.clear();
        return next;
    }

    /** Closes every part, even when some fail; the first failure is thrown, with the others attached. */
    @Override
    public void close() {
        RuntimeException failed = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (failed == null) {
                    failed = e instanceof RuntimeException known ? known : new IllegalStateException(e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
