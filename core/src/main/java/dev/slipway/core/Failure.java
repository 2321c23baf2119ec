package dev.slipway.core;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Why something could not be done. Every protocol maps the kinds in one exhaustive {@code switch}. */
public sealed interface Failure {

    /** What went wrong, where, and what to do, in one sentence for people. */
    String detail();

    /** The kind as a stable word: {@code bad-input}, {@code model-not-found}, ... */
    default String code() {
        return getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    record ModelNotFound(String detail) implements Failure {
        public static ModelNotFound of(ModelName model) {
            return new ModelNotFound("there is no model '" + model.name() + "'");
        }
    }

    record VersionNotFound(String detail) implements Failure {
        public static VersionNotFound of(ModelRef ref) {
            return new VersionNotFound("there is no '" + ref + "'");
        }
    }

    record NotReady(String detail) implements Failure {}

    /**
     * The input cannot be used.
     *
     * @param malformed whether it could not even be parsed, rather than not fit
     * @param faults each place that is wrong; may be empty when {@code detail} says it all
     */
    record BadInput(String detail, boolean malformed, List<Fault> faults) implements Failure {
        private static final int TOLD = 5;

        public BadInput {
            faults = List.copyOf(faults);
        }

        /** Input that cannot be parsed. */
        public static BadInput malformed(String detail) {
            return new BadInput(detail, true, List.of());
        }

        /** Input that can be parsed but does not fit. */
        public static BadInput of(String detail) {
            return new BadInput(detail, false, List.of());
        }

        /** Input with several faults, each told apart. */
        public static BadInput of(List<Fault> faults) {
            return new BadInput(told(faults, faults.size()), false, faults);
        }

        /**
         * Input with so many faults that the detail tells only the first.
         *
         * @param found how many there are, of which {@code faults} may be a part
         */
        public static BadInput of(List<Fault> faults, long found) {
            String rest = found > TOLD ? "; and " + (found - TOLD) + " more" : "";
            return new BadInput(told(faults, TOLD) + rest, false, faults);
        }

        private static String told(List<Fault> faults, int most) {
            return faults.stream().limit(most).map(Fault::toString).collect(Collectors.joining("; "));
        }
    }

    /**
     * One thing wrong with an input.
     *
     * @param path where: names and positions from the outside in; a line of a text is {@code line 3}
     * @param rule what is expected there
     * @param given what was given instead; names and what is given are kept short
     */
    record Fault(List<Object> path, String rule, String given) {
        private static final Pattern LINE = Pattern.compile("(line|row) \\d+");

        public Fault {
            path = path.stream()
                    .map(step -> step instanceof String name ? Quoted.shortened(name) : step)
                    .toList();
            given = Quoted.shortened(given);
        }

        /**
         * {@code rows[3].width: expected a number, got null} or {@code rows.csv, line 3, width: ...}; that it is in the
         * body goes without saying.
         */
        @Override
        public String toString() {
            StringBuilder where = new StringBuilder();
            boolean line = false;
            for (Object step : path.subList(path.size() > 1 && path.getFirst().equals("body") ? 1 : 0, path.size())) {
                if (step instanceof Number) {
                    where.append('[').append(step).append(']');
                    continue;
                }
                boolean lineBefore = line;
                line = LINE.matcher(step.toString()).matches();
                where.append(where.isEmpty() ? "" : line || lineBefore ? ", " : ".")
                        .append(step);
            }
            boolean sentence = rule.startsWith("must ") || rule.equals("required");
            return where + ": " + (sentence ? "" : "expected ") + rule + ", got " + given;
        }
    }

    record Unsupported(String detail) implements Failure {}

    record TooLarge(String detail) implements Failure {}

    /** The disk, or the memory of models, takes no more. */
    record InsufficientStorage(String detail) implements Failure {}

    /** Refused before any work was done. */
    record Overloaded(String detail, Duration retryAfter) implements Failure {}

    record DeadlineExceeded(String detail) implements Failure {}

    record Cancelled(String detail) implements Failure {}

    record Unauthenticated(String detail) implements Failure {}

    record Forbidden(String detail) implements Failure {}

    record Conflict(String detail) implements Failure {}

    /**
     * The model itself failed on this input.
     *
     * @param outOfMemory whether it needed more than its {@code memory_limit}
     */
    record ModelFailed(String detail, boolean outOfMemory) implements Failure {
        public ModelFailed(String detail) {
            this(detail, false);
        }
    }

    /** Nothing that the caller did: storage that fails, or a defect of Slipway's own. The server's log says more. */
    record Internal(String detail) implements Failure {}
}
