package dev.slipway.core;

/** The name of a model within a project. */
public record ModelName(String project, String name) {

    public static final String DEFAULT_PROJECT = "default";

    private static final String FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    public ModelName {
        require("project", project);
        require("model", name);
    }

    /** A model of the project {@value #DEFAULT_PROJECT}. */
    public static ModelName of(String name) {
        return new ModelName(DEFAULT_PROJECT, name);
    }

    /** Refuses what is not a name, saying of what. */
    static void require(String what, String name) {
        if (!isName(name)) {
            throw new FailureException(Failure.BadInput.of(what + " name " + Quoted.of(name) + " must match " + FORM));
        }
    }

    /** Whether a text can name a model: what {@link #FORM} says, without an automaton: every request names a model. */
    public static boolean isName(String name) {
        if (name.isEmpty() || name.length() > 128 || !letterOrDigit(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!letterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean letterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** The name alone in the default project, else {@code project/name}. */
    @Override
    public String toString() {
        return project.equals(DEFAULT_PROJECT) ? name : project + "/" + name;
    }
}
