package dev.slipway.tasks;

import dev.slipway.core.Elements;
import dev.slipway.core.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The scores of all classes of one instance.
 *
 * @param classes their names
 * @param values numbers of the model's own precision
 * @param probabilities whether they lie between 0 and 1 and add up to 1
 */
record Scores(List<String> classes, List<Number> values, boolean probabilities) {

    private static final double NEARLY = 1e-3;

    Scores {
        classes = List.copyOf(classes);
        values = List.copyOf(values);
    }

    /** The scores in a tensor; a single one between 0 and 1 is the probability of the second of two classes. */
    static Scores of(Tensor tensor, List<String> classes, boolean certainly) {
        List<Number> values = new ArrayList<>();
        for (long i = 0; i < tensor.shape().elements(); i++) {
            values.add((Number) Elements.value(tensor, i));
        }
        if (values.size() == 1 && classes.size() == 2) {
            Number second = values.getFirst();
            values.addFirst(second instanceof Float ? (Number) (1 - second.floatValue()) : 1 - second.doubleValue());
        }
        return new Scores(classes, values, certainly || distribution(values));
    }

    private static boolean distribution(List<Number> values) {
        double sum = 0;
        for (Number value : values) {
            double share = value.doubleValue();
            if (!(share >= -NEARLY && share <= 1 + NEARLY)) {
                return false;
            }
            sum += share;
        }
        return Math.abs(sum - 1) <= NEARLY;
    }

    /** The positions of the classes, best first; NaN is worse than everything. */
    List<Integer> best() {
        return IntStream.range(0, values.size())
                .boxed()
                .sorted((a, b) -> Double.compare(rank(b), rank(a)))
                .toList();
    }

    private double rank(int i) {
        double value = values.get(i).doubleValue();
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value + 0.0;
    }
}
