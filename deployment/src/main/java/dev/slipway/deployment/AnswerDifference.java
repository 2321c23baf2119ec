package dev.slipway.deployment;

import dev.slipway.core.Count;
import dev.slipway.core.Failure.Fault;
import dev.slipway.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares an answer with the expected one, field by field; only what is expected is looked at. Whole numbers of the
 * answer are those of integer tensors: floating-point ones are written with a point.
 *
 * @param atol the absolute difference that a number may have
 * @param rtol the difference relative to the expected number that it may have besides
 * @param exactWholes whether whole numbers must be equal instead
 */
record AnswerDifference(double atol, double rtol, boolean exactWholes) {

    AnswerDifference {
        if (!(atol >= 0 && atol <= Double.MAX_VALUE) || !(rtol >= 0 && rtol <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "tolerances must be numbers from 0, atol " + atol + " and rtol " + rtol + " given");
        }
    }

    List<Fault> between(@Nullable Object expected, @Nullable Object given, List<Object> path) {
        return switch (expected) {
            case Map<?, ?> members -> objects(members, given, path);
            case List<?> elements -> arrays(elements, given, path);
            case Number number -> numbers(number, given, path);
            case null -> given == null ? List.of() : fault(path, "null", given);
            case Object value -> value.equals(given) ? List.of() : fault(path, Json.write(value), given);
        };
    }

    private List<Fault> objects(Map<?, ?> expected, @Nullable Object given, List<Object> path) {
        if (!(given instanceof Map<?, ?> members)) {
            return fault(path, "an object", given);
        }
        List<Fault> faults = new ArrayList<>();
        expected.forEach((name, value) -> {
            List<Object> at = below(path, String.valueOf(name));
            if (members.containsKey(name)) {
                faults.addAll(between(value, members.get(name), at));
            } else {
                faults.add(new Fault(at, Json.write(value), "nothing"));
            }
        });
        return faults;
    }

    private List<Fault> arrays(List<?> expected, @Nullable Object given, List<Object> path) {
        if (!(given instanceof List<?> elements)) {
            return fault(path, "a list", given);
        }
        if (elements.size() != expected.size()) {
            return List.of(new Fault(path, Count.of(expected.size(), "element"), String.valueOf(elements.size())));
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            faults.addAll(between(expected.get(i), elements.get(i), below(path, (long) i)));
        }
        return faults;
    }

    private List<Fault> numbers(Number expected, @Nullable Object given, List<Object> path) {
        if (exactWholes && given instanceof Number number && whole(number)) {
            return new BigDecimal(expected.toString()).compareTo(new BigDecimal(number.toString())) == 0
                    ? List.of()
                    : fault(path, expected + " exactly", given);
        }
        if (given instanceof Number number) {
            double wanted = expected.doubleValue();
            double difference = Math.abs(number.doubleValue() - wanted);
            if (expected.equals(given) || difference <= atol + rtol * Math.abs(wanted)) {
                return List.of();
            }
        }
        return fault(path, expected + " within " + atol + " + " + rtol + " * |" + expected + "|", given);
    }

    private static boolean whole(Number number) {
        return number instanceof Long || (number instanceof BigDecimal wide && wide.scale() == 0);
    }

    private static List<Object> below(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    private static List<Fault> fault(List<Object> path, String rule, @Nullable Object given) {
        String text = Json.write(given);
        return List.of(new Fault(path, rule, text.length() > 200 ? text.substring(0, 200) + "…" : text));
    }
}
