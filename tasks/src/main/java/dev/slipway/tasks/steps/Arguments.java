package dev.slipway.tasks.steps;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import dev.slipway.core.StepSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The typed arguments of one step; an unknown one is refused when they are opened. */
final class Arguments {

    private final StepSpec spec;

    Arguments(StepSpec spec, String... known) {
        this.spec = spec;
        Set<String> names = Set.of(known);
        for (String name : spec.arguments().keySet()) {
            if (!names.contains(name)) {
                throw bad("takes " + (names.isEmpty() ? "no arguments" : "only " + String.join(", ", known)) + ", '"
                        + name + "' given" + NearName.question(name, names, ""));
            }
        }
    }

    double number(String name, double otherwise) {
        Object value = spec.arguments().get(name);
        return value == null ? otherwise : number(name, value);
    }

    double number(String name) {
        Object value = spec.arguments().get(name);
        if (value == null) {
            throw bad("needs a number, as in {" + spec.name() + ": 0.5}");
        }
        return number(name, value);
    }

    private double number(String name, Object value) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw bad(name + " must be a number, " + value + " given");
    }

    int count(String name, int least, int most, int otherwise) {
        double value = number(name, otherwise);
        if (value != Math.rint(value) || value < least || value > most) {
            throw bad(name + " must be a whole number from " + least + " to " + most + ", "
                    + spec.arguments().get(name) + " given");
        }
        return (int) value;
    }

    Optional<String> text(String name) {
        Object value = spec.arguments().get(name);
        if (value != null && !(value instanceof String)) {
            throw bad(name + " must be text, " + value + " given");
        }
        return Optional.ofNullable((String) value);
    }

    List<String> texts(String name) {
        return switch ((@Nullable Object) spec.arguments().get(name)) {
            case null -> List.of();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            default -> throw bad(name + " must be a list");
        };
    }

    FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of("step '" + spec.name() + "' " + detail));
    }
}
