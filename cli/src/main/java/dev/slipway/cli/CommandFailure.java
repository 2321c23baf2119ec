package dev.slipway.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** Ends a verb: what failed, and what the caller can do about it. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exit;
    private final String remedy;
    private final transient Map<String, ?> document;

    private CommandFailure(int exit, String what, String remedy, Map<String, ?> document) {
        super(what);
        this.exit = exit;
        this.remedy = remedy;
        this.document = document;
    }

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
        this(1, what, remedy, document(what, remedy));
    }

    /** What cannot be meant, as it stands on the command line. */
    static CommandFailure usage(String what, String remedy) {
        return new CommandFailure(2, what, remedy, document(what, remedy));
    }

    /** A failure that a server has described. */
    static CommandFailure of(String what, String remedy, Map<String, ?> document) {
        return new CommandFailure(1, what, remedy, document);
    }

    private static Map<String, ?> document(String what, String remedy) {
        Map<String, String> document = new LinkedHashMap<>();
        document.put("title", "Failed");
        document.put("detail", what);
        if (!remedy.isEmpty()) {
            document.put("remedy", remedy);
        }
        return document;
    }

    /** The exit code of the program: 1 it failed, 2 wrong usage. */
    int exit() {
        return exit;
    }

    String remedy() {
        return remedy;
    }

    /** The same for programs: the server's problem document where it has sent one. */
    Map<String, ?> document() {
        return document;
    }
}
