package dev.slipway.core;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the name that was probably meant. */
public final class NearName {

    private static final int LONGEST = 64;
    private static final int MOST_KNOWN = 1_000;
    private static final int MOST_LISTED = 100;

    private NearName() {}

    /**
     * The nearest of {@code known} by edit distance, when it is near enough to be a slip: of a name of three letters one may differ, of a shorter one its case only. Of
     * thousands none is sought.
     */
    public static Optional<String> of(String given, Collection<String> known) {
        if (given.length() > LONGEST || known.size() > MOST_KNOWN) {
            return Optional.empty();
        }
        String best = null;
        int least = given.length() / 3 + 1;
        for (String name : known) {
            int distance = Math.abs(name.length() - given.length()) >= least
                    ? least
                    : distance(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return Optional.ofNullable(best);
    }

    /** What follows on an unknown name: {@code , did you mean 'model'?}, or {@code otherwise} when none is near. */
    public static String question(String given, Collection<String> known, String otherwise) {
        return of(given, known).map(name -> ", did you mean '" + name + "'?").orElse(otherwise);
    }

    /** {@code must be a known key, perhaps 'model'}, or the known ones, a hundred at most, when none is near. */
    public static String rule(String what, String given, Collection<String> known) {
        return of(given, known)
                .map(name -> "must be a known " + what + ", perhaps '" + name + "'")
                .orElseGet(() -> "must be one of " + listed(known));
    }

    private static String listed(Collection<String> known) {
        int rest = known.size() - MOST_LISTED;
        return known.stream().limit(MOST_LISTED).collect(Collectors.joining(", "))
                + (rest > 0 ? " and " + rest + " more" : "");
    }

    /** Damerau's distance with adjacent transpositions. */
    private static int distance(String a, String b) {
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(Math.min(table[i - 1][j], table[i][j - 1]) + 1, table[i - 1][j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                table[i][j] = swapped ? Math.min(least, table[i - 2][j - 2] + 1) : least;
            }
        }
        return table[a.length()][b.length()];
    }
}
