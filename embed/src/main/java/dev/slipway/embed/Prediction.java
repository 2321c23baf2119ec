package dev.slipway.embed;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer about one instance.
 *
 * @param fields everything it says, under the names that the HTTP interface has: {@code class}, {@code confidence},
 *     {@code probabilities}, {@code value}, {@code outputs}
 */
public record Prediction(Map<String, @Nullable Object> fields) {

    public Prediction {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    static Prediction of(@Nullable Object answer) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (answer instanceof Map<?, ?> map) {
            map.forEach((name, value) -> fields.put(String.valueOf(name), value));
        }
        return new Prediction(fields);
    }

    /**
     * The class that a classifier chose.
     *
     * @throws IllegalStateException when the model is no classifier
     */
    public String label() {
        return field("class").toString();
    }

    /** How sure a classifier is of {@link #label}, 0 to 1. */
    public double confidence() {
        return number("confidence", field("confidence"));
    }

    /** What a regression model predicts. */
    public double value() {
        return number("value", field("value"));
    }

    /** The probability of each class that a classifier reports, the most probable one first for images. */
    public Map<String, Double> probabilities() {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        if (fields.get("probabilities") instanceof Map<?, ?> map) {
            map.forEach((name, share) -> probabilities.put(String.valueOf(name), number("probabilities", share)));
        } else if (field("classes") instanceof List<?> classes) {
            for (Object entry : classes) {
                Prediction one = of(entry);
                probabilities.put(one.label(), one.confidence());
            }
        }
        return probabilities;
    }

    /** The outputs of a model without a task by name: a number, text, or nested lists of them. */
    public Map<String, @Nullable Object> outputs() {
        return of(field("outputs")).fields();
    }

    private Object field(String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new IllegalStateException("the prediction has no '" + name + "', only " + fields.keySet());
        }
        return value;
    }

    private static double number(String name, @Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalStateException("'" + name + "' of the prediction is no number: " + value);
    }
}
