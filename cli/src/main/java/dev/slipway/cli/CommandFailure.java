package dev.slipway.cli;

/** Ends a verb with exit code 1: what failed, and what the caller can do about it. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /** A failure whose message says already what to do. */
    CommandFailure(String what) {
        this(what, "");
    }

    /**
     * A failure.
     *
     * @param remedy what to do, a sentence or several lines; may be empty
     */
    CommandFailure(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
