package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wrong with one request, collected so that a caller hears of everything at once. */
final class Faults {

    /** So many are kept; those beyond are counted. */
    static final int MOST = 100;

    /** For so many unknown names a near one is looked for. */
    private static final int NEAR = 5;

    private static final int LISTED = 20;
    private static final int MAX_GIVEN = 40;

    private final List<Failure.Fault> faults = new ArrayList<>();
    private long found;
    private int unknown;

    void add(List<Object> path, String rule, String given) {
        found++;
        if (!full()) {
            faults.add(new Failure.Fault(path, rule, given));
        }
    }

    /** A field that is not known, with the near one that may have been meant. */
    void unknown(List<Object> path, String name, Collection<String> known) {
        if (full()) {
            found++;
            return;
        }
        String near = unknown++ < NEAR
                ? NearName.of(name, known)
                        .map(one -> " (did you mean '" + one + "'?)")
                        .orElse("")
                : "";
        add(with(path, name), "one of " + list(known) + near, "'" + name + "'");
    }

    /** Whether there are more than anybody reads: what is dear to look at may be left. */
    boolean full() {
        return faults.size() == MOST;
    }

    boolean none() {
        return found == 0;
    }

    void throwIfAny() {
        if (found > 0) {
            throw new FailureException(Failure.BadInput.of(faults, found));
        }
    }

    static List<Object> with(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }

    static FailureException one(List<Object> path, String rule, String given) {
        return new FailureException(Failure.BadInput.of(List.of(new Failure.Fault(path, rule, given))));
    }

    static String list(Collection<String> names) {
        return names.size() <= LISTED
                ? String.join(", ", names)
                : String.join(", ", names.stream().limit(LISTED).toList()) + " and " + (names.size() - LISTED)
                        + " more";
    }

    /** A value in a few words. */
    static String describe(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "the string \"" + shortened(text) + "\"";
            case Map<?, ?> _ -> "an object";
            case Iterable<?> _ -> "a list";
            default -> shortened(String.valueOf(value));
        };
    }

    private static String shortened(String text) {
        return text.length() <= MAX_GIVEN ? text : text.substring(0, MAX_GIVEN) + "...";
    }
}
