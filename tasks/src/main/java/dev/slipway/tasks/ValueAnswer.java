package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Regression: {@code value}, or {@code values} where the model predicts several; several outputs by their names. */
final class ValueAnswer implements Answer {

    private final List<OutputSource> sources;
    private final boolean named;

    ValueAnswer(Manifest manifest, Steps steps) {
        named = !manifest.outputs().isEmpty() || manifest.signature().outputs().size() > 1;
        sources = manifest.outputs().isEmpty()
                ? manifest.signature().outputs().stream().map(OutputSource::of).toList()
                : OutputSource.of(manifest, steps);
        for (OutputSource source : sources) {
            if (source.whole().result().dataType() == DataType.BYTES) {
                throw new FailureException(Failure.BadInput.of("output '" + source.name()
                        + "' is text: task tabular-regression needs numbers; choose in outputs: which to give"));
            }
        }
    }

    @Override
    public Map<String, @Nullable Object> prediction(
            InferenceResponse response, int i, int instances, Map<String, String> options, ScratchPool pool) {
        Map<String, @Nullable Object> prediction = new LinkedHashMap<>();
        for (OutputSource source : sources) {
            source.read(response, i, instances, pool, result -> {
                boolean one = result.shape().elements() == 1;
                String name = named ? source.name() : one ? "value" : "values";
                prediction.put(name, one ? Elements.value(result, 0) : Elements.nested(result));
                return name;
            });
        }
        return prediction;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> number = Schemas.element(DataType.FP64);
        Map<String, Object> properties = new LinkedHashMap<>();
        if (named) {
            sources.forEach(
                    source -> properties.put(source.name(), source.whole().width() == 1 ? number : Map.of()));
            return Schemas.open(properties, List.copyOf(properties.keySet()));
        }
        if (sources.getFirst().whole().width() == 1) {
            return Schemas.open(Map.of("value", number), List.of("value"));
        }
        return Schemas.open(Map.of("value", number, "values", Schemas.list(number, 0, 1_000_000)), List.of());
    }
}
