package dev.slipway.serving;

import dev.slipway.core.Dimension;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a signature says that there are rows: in the first dimension of every input and output, under one name. */
final class Rows {

    private final int requiredInputs;
    private final Optional<String> whyNot;

    Rows(Signature signature) {
        this.requiredInputs = (int)
                signature.inputs().stream().filter(input -> !input.optional()).count();
        this.whyNot = check(signature);
    }

    private static Optional<String> check(Signature signature) {
        List<TensorSpec> tensors = new ArrayList<>();
        signature.inputs().stream().filter(input -> !input.optional()).forEach(tensors::add);
        if (tensors.isEmpty()) {
            return Optional.of("the model has no required input");
        }
        tensors.addAll(signature.outputs());
        String name = "";
        for (TensorSpec tensor : tensors) {
            if (tensor.shape().dims().isEmpty()
                    || !(tensor.shape().dims().getFirst() instanceof Dimension.Dynamic(String own))
                    || own.isEmpty()) {
                return Optional.of("'" + tensor + "' has no named first dimension");
            }
            if (!name.isEmpty() && !own.equals(name)) {
                return Optional.of(
                        "first dimensions differ: '" + name + "' and '" + own + "' of '" + tensor.name() + "'");
            }
            name = own;
        }
        return Optional.empty();
    }

    /** Why the signature has no rows; empty when it has. */
    Optional<String> whyNot() {
        return whyNot;
    }

    /** The rows that inputs bring; -1 when they bring none or different numbers of them. */
    long of(List<NamedTensor> inputs) {
        if (whyNot.isPresent() || inputs.size() != requiredInputs) {
            return -1;
        }
        long rows = inputs.getFirst().tensor().shape().dim(0);
        for (NamedTensor input : inputs) {
            if (input.tensor().shape().dim(0) != rows) {
                return -1;
            }
        }
        return rows;
    }
}
