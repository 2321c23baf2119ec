package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.ModelName;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Quoted;
import dev.slipway.core.Signature;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a request fits a signature, decided before it may wait. The words are Triton's where Triton has any. */
final class RequestCheck {

    private final ModelName model;
    private final Signature signature;
    private final Map<String, TensorSpec> inputs = new HashMap<>();
    private final List<SharedDimension> shared;
    private final List<String> required;
    private final List<String> allOutputs;
    private final Set<String> outputs;

    RequestCheck(ModelName model, Signature signature) {
        this.model = model;
        this.signature = signature;
        signature.inputs().forEach(input -> inputs.put(input.name(), input));
        this.shared = SharedDimension.of(signature);
        this.required = signature.inputs().stream()
                .filter(input -> !input.optional())
                .map(TensorSpec::name)
                .toList();
        this.allOutputs = signature.outputs().stream().map(TensorSpec::name).toList();
        this.outputs = Set.copyOf(allOutputs);
    }

    /** Whether the request's inputs are in order. */
    boolean fits(InferenceRequest request) {
        try {
            return !inputs(request).isEmpty();
        } catch (FailureException e) {
            return false;
        }
    }

    /**
     * The request's inputs in the order of the signature.
     *
     * @throws FailureException {@code BadInput} for a name that is unknown, given twice or missing, a type or a shape, and
     *     for sizes of one name that differ
     */
    List<NamedTensor> inputs(InferenceRequest request) {
        Map<String, NamedTensor> given = new HashMap<>();
        for (NamedTensor input : request.inputs()) {
            TensorSpec spec = inputs.get(input.name());
            if (spec == null) {
                throw bad("unexpected inference input " + Quoted.of(input.name()) + " for model '" + model
                        + "', it takes " + quoted(inputNames()));
            }
            if (given.put(input.name(), input) != null) {
                throw bad("input '" + input.name() + "' is given twice for model '" + model + "'");
            }
            fits(spec, input.tensor());
        }
        List<NamedTensor> ordered = new ArrayList<>(given.size());
        for (TensorSpec spec : signature.inputs()) {
            NamedTensor input = given.get(spec.name());
            if (input != null) {
                ordered.add(input);
            } else if (!spec.optional()) {
                throw missing(given.keySet());
            }
        }
        for (SharedDimension dimension : shared) {
            String difference = dimension.difference(given);
            if (!difference.isEmpty()) {
                throw bad(difference + " for model '" + model + "'");
            }
        }
        return ordered;
    }

    /**
     * The outputs wanted: as the request names them, or all.
     *
     * @throws FailureException {@code BadInput} for a name that is unknown or given twice
     */
    List<String> outputs(InferenceRequest request) {
        if (request.outputs().isEmpty()) {
            return allOutputs;
        }
        Set<String> seen = new HashSet<>();
        for (String name : request.outputs()) {
            if (!outputs.contains(name)) {
                throw bad("unexpected inference output " + Quoted.of(name) + " for model '" + model + "', it gives "
                        + quoted(allOutputs));
            }
            if (!seen.add(name)) {
                throw bad("output '" + name + "' is asked for twice of model '" + model + "'");
            }
        }
        return request.outputs();
    }

    private void fits(TensorSpec spec, Tensor tensor) {
        if (tensor.dataType() != spec.dataType()) {
            throw bad("inference input '" + spec.name() + "' data-type is '" + tensor.dataType() + "', but model '"
                    + model + "' expects '" + spec.dataType() + "'");
        }
        if (!spec.shape().fits(tensor.shape())) {
            throw bad("unexpected shape for input '" + spec.name() + "' for model '" + model + "'. Expected "
                    + spec.shape().sizes().toString().replace(" ", "") + ", got " + tensor.shape());
        }
    }

    private FailureException missing(Set<String> given) {
        List<String> absent =
                required.stream().filter(name -> !given.contains(name)).toList();
        List<String> present = inputNames().stream().filter(given::contains).toList();
        return bad("expected " + required.size() + " inputs but got " + present.size() + " inputs for model '" + model
                + "'. Got input(s) [" + quoted(present) + "], but missing required input(s) [" + quoted(absent)
                + "]. Please provide all required input(s).");
    }

    private List<String> inputNames() {
        return signature.inputs().stream().map(TensorSpec::name).toList();
    }

    private static String quoted(List<String> names) {
        return names.isEmpty() ? "" : "'" + String.join("', '", names) + "'";
    }

    private static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }
}
