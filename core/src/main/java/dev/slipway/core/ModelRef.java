package dev.slipway.core;

/** What a request asks for: a model, and which of its versions. */
public record ModelRef(ModelName model, Selector selector) {

    /** Which version of a model. */
    public sealed interface Selector {}

    /** Whichever version the model's endpoint sends the request to. */
    public enum ByEndpoint implements Selector {
        ENDPOINT
    }

    public record ByVersion(long version) implements Selector {
        public ByVersion {
            requireVersion(version);
        }
    }

    public record ByAlias(String alias) implements Selector {
        public ByAlias {
            ModelName.require("alias", alias);
        }
    }

    /** Refuses what is no number of a version. */
    static void requireVersion(long version) {
        if (version < 1) {
            throw new FailureException(Failure.BadInput.of("version " + version + " must be a positive whole number"));
        }
    }

    public static ModelRef of(ModelName model) {
        return new ModelRef(model, ByEndpoint.ENDPOINT);
    }

    public static ModelRef of(ModelName model, long version) {
        return new ModelRef(model, new ByVersion(version));
    }

    /** Reads {@code name} or {@code name@alias} in the default project. */
    public static ModelRef parse(String text) {
        return parse(ModelName.DEFAULT_PROJECT, text);
    }

    /** Reads {@code name} or {@code name@alias} in a project. */
    public static ModelRef parse(String project, String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            return of(new ModelName(project, text));
        }
        return new ModelRef(new ModelName(project, text.substring(0, at)), new ByAlias(text.substring(at + 1)));
    }

    /**
     * Reads a version: a positive 64-bit number in digits.
     *
     * @throws FailureException {@link Failure.BadInput} for anything else
     */
    public static long parseVersion(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits && !text.startsWith("0")) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                digits = false;
            }
        }
        throw new FailureException(Failure.BadInput.of(
                "version " + Quoted.of(text) + " must be a positive whole number of at most 64 bits"));
    }

    @Override
    public String toString() {
        return switch (selector) {
            case ByEndpoint.ENDPOINT -> model.toString();
            case ByVersion(long version) -> model + "/" + version;
            case ByAlias(String alias) -> model + "@" + alias;
        };
    }
}
