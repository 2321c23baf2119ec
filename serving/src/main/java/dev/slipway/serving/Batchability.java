package dev.slipway.serving;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Whether rows of different requests may share a run, and how that is known. */
public sealed interface Batchability {

    /** Rows alone and together gave the same bits. */
    record Exact() implements Batchability {
        @Override
        public String toString() {
            return "exact";
        }
    }

    /** Rows alone and together differed by at most {@code tolerance}, relative to the largest answer. */
    record Within(double tolerance) implements Batchability {
        @Override
        public String toString() {
            DecimalFormat digits = new DecimalFormat("0.##E0", DecimalFormatSymbols.getInstance(Locale.ROOT));
            return "within " + digits.format(tolerance).toLowerCase(Locale.ROOT);
        }
    }

    /** The package says that rows do not influence each other; nobody has measured it. */
    record Declared() implements Batchability {
        @Override
        public String toString() {
            return "declared";
        }
    }

    /** Rows never share a run. */
    record No(String why) implements Batchability {
        @Override
        public String toString() {
            return "no (" + why + ")";
        }
    }
}
