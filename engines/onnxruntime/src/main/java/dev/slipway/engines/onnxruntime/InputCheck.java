package dev.slipway.engines.onnxruntime;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the inputs of a run with the signature before anything native sees them. */
final class InputCheck {

    private final Map<String, GraphInput> inputs;
    private final List<GraphInput> required;

    InputCheck(Map<String, GraphInput> inputs) {
        this.inputs = inputs;
        this.required = inputs.values().stream()
                .filter(input -> !input.spec().optional())
                .toList();
    }

    /**
     * Notes the shape of each input at its place.
     *
     * @throws FailureException {@code BadInput} for the first thing that does not fit
     */
    void check(List<NamedTensor> given, @Nullable Shape[] shapes) {
        for (int i = 0; i < given.size(); i++) {
            NamedTensor named = given.get(i);
            GraphInput input = inputs.get(named.name());
            if (input == null) {
                throw bad("there is no input '" + named.name() + "'; the model takes " + names());
            }
            if (shapes[input.position()] != null) {
                throw bad("input '" + named.name() + "' is given twice");
            }
            Tensor tensor = named.tensor();
            checkTensor(input.spec(), tensor);
            shapes[input.position()] = tensor.shape();
        }
        for (int i = 0; i < required.size(); i++) {
            GraphInput input = required.get(i);
            if (shapes[input.position()] == null) {
                throw bad("input '" + input.spec().name() + "' is missing; the model takes " + names());
            }
        }
    }

    private static void checkTensor(TensorSpec spec, Tensor tensor) {
        Shape shape = tensor.shape();
        if (tensor.dataType() != spec.dataType()) {
            throw bad("input '" + spec.name() + "' is " + tensor.dataType() + ", the model takes " + spec.dataType()
                    + spec.shape());
        }
        if (!spec.shape().fits(shape)) {
            throw bad("input '" + spec.name() + "' has the shape " + shape + ", the model takes " + spec.shape());
        }
        if (shape.rank() > RunScratch.MAX_RANK) {
            throw bad("input '" + spec.name() + "' has " + shape.rank() + " dimensions, at most " + RunScratch.MAX_RANK
                    + " can be run");
        }
        if (!tensor.data().isNative()) {
            throw new FailureException(new Failure.Internal("input '" + spec.name()
                    + "' is in heap memory, which the engine cannot read; take it from the pool"));
        }
    }

    private String names() {
        return inputs.isEmpty()
                ? "no inputs"
                : inputs.values().stream().map(input -> input.spec().toString()).collect(Collectors.joining(", "));
    }

    private static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }
}
