package dev.slipway.engines.onnxruntime;

/**
 * An arena's registration with the environment, which ends when the session that it is meant for has taken the arena.
 * The runtime says in its log that a session is about to do so; with the next message it has. Should it ever say nothing,
 * the registration ends with the session's making, and other sessions wait as long. Used by one thread.
 */
final class ArenaLoan {

    private static final String TAKES_IT = "will use the allocator registered with the environment";

    private final Runnable end;
    private boolean takes;
    private boolean ended;

    /** @param end withdraws the registration and lets the next session be made */
    ArenaLoan(Runnable end) {
        this.end = end;
    }

    /** Hears a message of the session's log. */
    void heard(String message) {
        if (takes) {
            end();
        } else {
            takes = message.contains(TAKES_IT);
        }
    }

    void end() {
        if (!ended) {
            ended = true;
            end.run();
        }
    }
}
