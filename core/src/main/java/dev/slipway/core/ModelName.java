package dev.slipway.core;

import java.util.regex.Pattern;

/** The name of a model within a project. */
public record ModelName(String project, String name) {

    public static final String DEFAULT_PROJECT = "default";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

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
        if (!FORM.matcher(name).matches()) {
            throw new FailureException(Failure.BadInput.of(what + " name '"
                    + (name.length() > 200 ? name.substring(0, 200) + "…" : name) + "' must match " + FORM));
        }
    }

    /** The name alone in the default project, else {@code project/name}. */
    @Override
    public String toString() {
        return project.equals(DEFAULT_PROJECT) ? name : project + "/" + name;
    }
}
