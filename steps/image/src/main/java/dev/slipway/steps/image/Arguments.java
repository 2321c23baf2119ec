package dev.slipway.steps.image;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import dev.slipway.core.StepSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The arguments of a step, read by name and type, refused with the step's name before them. */
record Arguments(StepSpec spec) {

    /** The name of the one bare value of {@code {scale: 0.5}}. */
    static final String VALUE = "value";

    /** Refuses every argument that is not one of {@code known}, naming the near one. */
    void only(String... known) {
        for (String name : spec.arguments().keySet()) {
            if (!List.of(known).contains(name)) {
                throw wrong("has no argument '" + name + "'" + near(name, known));
            }
        }
    }

    private static String near(String name, String... known) {
        if (known.length == 0) {
            return ", it takes none";
        }
        return NearName.question(name, List.of(known), ", it takes " + String.join(", ", known));
    }

    boolean has(String name) {
        return spec.arguments().containsKey(name);
    }

    int integer(String name, int least, int most) {
        double value = number(name);
        if (value != Math.rint(value) || value < least || value > most) {
            throw wrong(quoted(name) + given(name) + " must be a whole number between " + least + " and " + most);
        }
        return (int) value;
    }

    int integer(String name, int least, int most, int absent) {
        return has(name) ? integer(name, least, most) : absent;
    }

    double number(String name) {
        return number(name, spec.arguments().get(name));
    }

    double number(String name, double absent) {
        return has(name) ? number(name) : absent;
    }

    private double number(String name, @Nullable Object value) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw wrong(quoted(name) + given(name) + " must be a number");
    }

    /** A number, or a list of them. */
    float[] numbers(String name) {
        List<?> values = spec.arguments().get(name) instanceof List<?> list
                ? list
                : Arrays.asList(spec.arguments().get(name));
        if (values.isEmpty()) {
            throw wrong(quoted(name) + " must be a number, or a list with one per channel");
        }
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) number(name, values.get(i));
        }
        return numbers;
    }

    /** A word that names one of {@code constants}, written in small letters with {@code -} between its parts. */
    <E extends Enum<E>> E choice(String name, E[] constants) {
        if (spec.arguments().get(name) instanceof String text) {
            for (E constant : constants) {
                if (word(constant).equalsIgnoreCase(text)) {
                    return constant;
                }
            }
        }
        throw wrong(quoted(name) + given(name) + " must be one of "
                + Arrays.stream(constants).map(Arguments::word).collect(Collectors.joining(", ")));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String quoted(String name) {
        return name.equals(VALUE) ? "its value" : "argument '" + name + "'";
    }

    private String given(String name) {
        return has(name) ? " (" + spec.arguments().get(name) + " given)" : " is missing:";
    }

    FailureException wrong(String rule) {
        return new FailureException(Failure.BadInput.of("step '" + spec.name() + "': " + rule));
    }
}
