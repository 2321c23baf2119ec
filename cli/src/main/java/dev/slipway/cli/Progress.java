package dev.slipway.cli;

import java.io.PrintStream;

/** One line on a person's terminal that says how far something is; silent where nobody watches. */
final class Progress implements AutoCloseable {

    private final PrintStream err;
    private final boolean shown;
    private String line = "";

    Progress(Environment environment, boolean quiet) {
        this.err = environment.err();
        this.shown = environment.errIsTerminal() && !quiet;
    }

    /** Says what is being done now. */
    void show(String what) {
        if (shown && !what.equals(line)) {
            line = what;
            err.print("\r\033[K" + what);
            err.flush();
        }
    }

    /** Says how much of {@code total} bytes is done. */
    void show(String what, long done, long total) {
        if (total > 0) {
            int tenths = (int) (10 * done / total);
            String bar = "#".repeat(tenths) + "-".repeat(10 - tenths);
            show(what + "  [" + bar + "] " + 100 * done / total + " % of " + ModelText.size((double) total));
        }
    }

    /** Clears the line, before something else is printed. */
    void clear() {
        if (!line.isEmpty()) {
            err.print("\r\033[K");
            err.flush();
            line = "";
        }
    }

    @Override
    public void close() {
        clear();
    }
}
