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
import dev.slipway.tasks.steps.Decision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that callers get: an output of the graph after its steps.
 *
 * @param name the caller's name
 * @param from the output of the graph
 * @param whole all its steps
 * @param computing the steps before the decisions
 * @param decisions the steps at the end that choose rather than compute, for answers that show what they chose from
 */
record OutputSource(String name, String from, Pipeline whole, Pipeline computing, List<Decision> decisions) {

    /** The outputs that the manifest names, in its order. */
    static List<OutputSource> of(Manifest manifest, Steps steps) {
        return manifest.outputs().entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue(), manifest, steps))
                .toList();
    }

    /** An output of the graph as it is. */
    static OutputSource of(TensorSpec spec) {
        Pipeline none = new Pipeline(List.of(), Rows.flow(spec));
        return new OutputSource(spec.name(), spec.name(), none, none, List.of());
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
        Pipeline whole = Pipeline.of(what, flow, specs, steps);
        int computing = specs.size();
        while (computing > 0 && whole.steps().get(computing - 1) instanceof Decision) {
            computing--;
        }
        List<Decision> decisions =
                whole.steps().stream().skip(computing).map(Decision.class::cast).toList();
        Pipeline before = Pipeline.of(what, flow, specs.subList(0, computing), steps);
        return new OutputSource(name, output.from(), whole, before, decisions);
    }

    private static StepSpec labelled(StepSpec step, List<String> labels) {
        if (!step.name().equals("label") || step.arguments().containsKey("labels")) {
            return step;
        }
        Map<String, Object> arguments = new LinkedHashMap<>(step.arguments());
        arguments.put("labels", labels);
        return new StepSpec(step.name(), arguments);
    }

    /** Does all steps on one instance's part and reads the result while it stands. */
    <T> T read(InferenceResponse response, int i, int instances, ScratchPool pool, Function<Tensor, T> reader) {
        return read(whole, response, i, instances, pool, reader);
    }

    /** Does the computing steps on one instance's part and reads what the decisions choose from. */
    <T> T readComputed(InferenceResponse response, int i, int instances, ScratchPool pool, Function<Tensor, T> reader) {
        return read(computing, response, i, instances, pool, reader);
    }

    private <T> T read(
            Pipeline pipeline,
            InferenceResponse response,
            int i,
            int instances,
            ScratchPool pool,
            Function<Tensor, T> reader) {
        Tensor row = Rows.row(from, Rows.output(response, from), i, instances);
        if (pipeline.steps().isEmpty()) {
            return reader.apply(row);
        }
        try (TensorLease input = pool.adopt(row, () -> {});
                TensorLease result = pipeline.apply(input, pool)) {
            return reader.apply(result.tensor());
        }
    }

    /** The last decision of a kind. */
    <D extends Decision> Optional<D> decision(Class<D> kind) {
        return decisions.stream().filter(kind::isInstance).map(kind::cast).reduce((_, last) -> last);
    }
}
