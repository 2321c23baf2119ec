package dev.slipway.core;

/** Text that a caller gave, as messages show it: never longer than a reader needs to recognise it. */
public final class Quoted {

    private static final int MOST = 200;

    private Quoted() {}

    /** The text in single quotes. */
    public static String of(String text) {
        return "'" + shortened(text) + "'";
    }

    /** The text, or its beginning and how long it is. */
    public static String shortened(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + "… (" + text.length() + " characters)";
    }
}
