package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.Signature;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Something that callers get: an output of the graph after its steps.
 *
 * @param name the caller's name
 * @param from the output of the graph
 * @param decisions the steps at the end, which choose rather than compute: {@code top}, {@code argmax},
 *     {@code threshold}, {@code label}
 */
record OutputSource(String name, String from, Pipeline pipeline, List<StepSpec> decisions) {

    private static final List<String> DECISIONS = List.of("top", "argmax", "threshold", "label");

    /** The outputs that the manifest names, in its order. */
    static List<OutputSource> of(Manifest manifest, Steps steps) {
        return manifest.outputs().entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue(), manifest, steps))
                .toList();
    }

    /** An output of the graph as it is. */
    static OutputSource of(TensorSpec spec) {
        return new OutputSource(spec.name(), spec.name(), new Pipeline(List.of(), Rows.flow(spec)), List.of());
    }

    private static OutputSource of(String name, Manifest.Output output, Manifest manifest, Steps steps) {
        Signature signature = manifest.signature();
        TensorSpec spec = signature
                .output(output.from())
                .orElseThrow(() -> new FailureException(Failure.BadInput.of("output '" + name + "' comes from '"
                        + output.from() + "', which the graph does not give; it gives "
                        + Faults.list(signature.outputs().stream()
                                .map(TensorSpec::name)
                                .toList()))));
        String what = "output '" + name + "'";
        List<StepSpec> specs = output.steps().stream()
                .map(step -> labelled(step, manifest.labels()))
                .toList();
        Step.Flow flow = Rows.flow(spec);
        Pipeline.of(what, flow, specs, steps);
        int computing = specs.size();
        while (computing > 0 && DECISIONS.contains(specs.get(computing - 1).name())) {
            computing--;
        }
        return new OutputSource(
                name,
                output.from(),
                Pipeline.of(what, flow, specs.subList(0, computing), steps),
                specs.subList(computing, specs.size()));
    }

    private static StepSpec labelled(StepSpec step, List<String> labels) {
        if (!step.name().equals("label") || step.arguments().containsKey("labels")) {
            return step;
        }
        Map<String, Object> arguments = new LinkedHashMap<>(step.arguments());
        arguments.put("labels", labels);
        return new StepSpec(step.name(), arguments);
    }

    /** Does the computing steps on one instance's part and reads the result while it stands. */
    <T> T read(InferenceResponse response, int i, int instances, ScratchPool pool, Function<Tensor, T> reader) {
        Tensor row = Rows.row(from, Rows.output(response, from), i, instances);
        if (pipeline.steps().isEmpty()) {
            return reader.apply(row);
        }
        try (TensorLease input = pool.adopt(row, () -> {});
                TensorLease result = pipeline.apply(input, pool)) {
            return reader.apply(result.tensor());
        }
    }

    /** The number of classes or values in one instance's result; -1 when the graph does not say. */
    long width() {
        List<Long> sizes = pipeline.result().shape().sizes();
        return sizes.isEmpty() ? 1 : sizes.getLast();
    }
}
