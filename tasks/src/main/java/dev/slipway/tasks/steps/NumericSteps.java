package dev.slipway.tasks.steps;

import dev.slipway.core.DataType;
import dev.slipway.core.StepSpec;
import dev.slipway.core.spi.Step;
import dev.slipway.core.spi.StepProvider;
import java.util.Locale;
import java.util.Set;

/** The steps that need nothing but arithmetic. */
public final class NumericSteps implements StepProvider {

    private static final Set<String> NAMES =
            Set.of("softmax", "sigmoid", "argmax", "top", "threshold", "label", "round", "scale", "cast");

    @Override
    public Set<String> names() {
        return NAMES;
    }

    @Override
    public Step create(StepSpec spec) {
        return switch (spec.name()) {
            case "softmax" -> {
                new Arguments(spec);
                yield new Softmax();
            }
            case "sigmoid" -> {
                new Arguments(spec);
                yield new Sigmoid();
            }
            case "argmax" -> {
                new Arguments(spec);
                yield new Argmax();
            }
            case "top" -> new Top(new Arguments(spec, "value").count("value", 1, 1_000_000, Top.USUAL));
            case "threshold" -> new Threshold(new Arguments(spec, "value").number("value", 0.5));
            case "label" -> new Label(new Arguments(spec, "labels").texts("labels"));
            case "round" -> {
                double unit = Math.pow(10, new Arguments(spec, "value").count("value", 0, 15, 0));
                yield new Elementwise("round", x -> Math.rint(x * unit) / unit);
            }
            case "scale" -> {
                double factor = new Arguments(spec, "value").number("value");
                yield new Elementwise("scale", x -> x * factor);
            }
            case "cast" -> new Cast(dataType(new Arguments(spec, "value")));
            default -> throw new IllegalArgumentException("there is no numeric step '" + spec.name() + "'");
        };
    }

    private static DataType dataType(Arguments arguments) {
        String name = arguments.text("value").orElse("");
        return DataType.of(name.toUpperCase(Locale.ROOT))
                .filter(type -> type != DataType.BYTES)
                .orElseThrow(
                        () -> arguments.bad("needs a datatype of numbers, as in {cast: FP32}, '" + name + "' given"));
    }
}
