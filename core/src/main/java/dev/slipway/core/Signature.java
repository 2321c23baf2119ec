package dev.slipway.core;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The inputs a model takes and the outputs it gives, each with a name that is unique on its side. */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        requireUnique("input", inputs);
        requireUnique("output", outputs);
    }

    private static void requireUnique(String side, List<TensorSpec> specs) {
        Set<String> names = new HashSet<>();
        for (TensorSpec spec : specs) {
            if (!names.add(spec.name())) {
                throw new IllegalArgumentException("signature has the " + side + " '" + spec.name() + "' twice");
            }
        }
    }

    public Optional<TensorSpec> input(String name) {
        return find(inputs, name);
    }

    public Optional<TensorSpec> output(String name) {
        return find(outputs, name);
    }

    /** How many elements all inputs have with every dynamic dimension one long; at most {@link Long#MAX_VALUE}. */
    public long smallestElements() {
        long elements = 0;
        for (TensorSpec spec : inputs) {
            long product = 1;
            for (long size : spec.shape().sizes()) {
                product = size < 0 ? product : product(product, size);
            }
            elements = Long.MAX_VALUE - product < elements ? Long.MAX_VALUE : elements + product;
        }
        return elements;
    }

    private static long product(long a, long b) {
        return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
    }

    private static Optional<TensorSpec> find(List<TensorSpec> specs, String name) {
        for (TensorSpec spec : specs) {
            if (spec.name().equals(name)) {
                return Optional.of(spec);
            }
        }
        return Optional.empty();
    }
}
