package dev.slipway.serving;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The event loops that have been asked to come for a version's work at the end of their turn. */
final class Visits {

    private final Set<Executor> expected = ConcurrentHashMap.newKeySet();

    /** Asks the loop whose thread calls to do this at the end of its turn, unless it has been asked already. */
    void ask(Executor loop, Runnable visit) {
        if (expected.add(loop)) {
            loop.execute(() -> {
                expected.remove(loop);
                visit.run();
            });
        }
    }

    boolean expected() {
        return !expected.isEmpty();
    }
}
