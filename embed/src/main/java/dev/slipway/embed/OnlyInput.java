package dev.slipway.embed;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.Shape;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one input that a model without a task needs, which values fill without its name. */
record OnlyInput(TensorSpec spec) {

    /** That of a model; empty where it has a task, whose form takes values as they are, or takes several inputs. */
    static Optional<OnlyInput> of(Manifest manifest) {
        List<TensorSpec> required = manifest.signature().inputs().stream()
                .filter(input -> !input.optional())
                .toList();
        return manifest.task() == Task.TENSORS && required.size() == 1
                ? Optional.of(new OnlyInput(required.getFirst()))
                : Optional.empty();
    }

    /** The tensors by name: numbers in row-major order fill the input's shape, lists in lists are the tensor itself. */
    Map<String, Object> tensors(List<?> values) {
        return Map.of(spec.name(), values.stream().allMatch(Number.class::isInstance) ? filled(values) : values);
    }

    private Object filled(List<?> numbers) {
        Shape shape = spec.shape()
                .filledBy(numbers.size())
                .orElseThrow(() -> new FailureException(Failure.BadInput.of("input '" + spec + "': " + numbers.size()
                        + (numbers.size() == 1 ? " value does" : " values do") + " not fill it")));
        return shape.nested(numbers.stream().map(this::exact).toList());
    }

    /** A whole number for an input of such, for which 1.0 is none. */
    private Object exact(Object number) {
        return !spec.dataType().floating()
                        && number instanceof Double value
                        && value == Math.rint(value)
                        && Math.abs(value) < 1L << 53
                ? (Object) value.longValue()
                : number;
    }
}
