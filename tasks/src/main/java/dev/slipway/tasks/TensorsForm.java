package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import dev.slipway.json.JsonReader;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Named tensors in, named tensors out: {@code {"inputs": {"x": [[1, 2]]}}}. */
final class TensorsForm implements TaskForm {

    private static final List<Object> INPUTS = List.of("body", "inputs");

    private final Signature signature;
    private final List<String> names;

    TensorsForm(Manifest manifest) {
        if (!manifest.inputs().isEmpty() || !manifest.outputs().isEmpty()) {
            throw new FailureException(Failure.BadInput.of(
                    "task tensors takes and gives the graph's own tensors: leave out inputs and outputs, or name"
                            + " another task"));
        }
        signature = manifest.signature();
        names = signature.inputs().stream().map(TensorSpec::name).toList();
    }

    @Override
    public Decoded decode(Body body, TensorPool pool) {
        if (!Bodies.isJson(body.contentType())) {
            throw Bodies.unsupported("tensors", body.contentType(), contentTypes());
        }
        List<NamedTensor> inputs = new ArrayList<>();
        try {
            Bodies.json(body, reader -> {
                read(reader, inputs, pool);
                return inputs;
            });
            return new Decoded(inputs, 1, false);
        } catch (RuntimeException | Error e) {
            NamedTensor.closeAll(inputs);
            throw e;
        }
    }

    private void read(JsonReader reader, List<NamedTensor> inputs, TensorPool pool) {
        if (reader.peek() != JsonReader.Token.OBJECT) {
            throw Faults.one(Bodies.BODY, "an object {\"inputs\": {...}}", reader.describe());
        }
        Faults faults = new Faults();
        boolean found = false;
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            if (name.equals("inputs") && reader.peek() == JsonReader.Token.OBJECT) {
                found = true;
                inputs(reader, inputs, faults, pool);
            } else if (name.equals("inputs")) {
                found = true;
                faults.add(INPUTS, "an object of tensors by name", reader.describe());
            } else {
                faults.unknown(Bodies.BODY, name, List.of("inputs"));
                reader.skip();
            }
        }
        if (!found) {
            faults.add(INPUTS, "required", "nothing");
        }
        faults.throwIfAny();
    }

    private void inputs(JsonReader reader, List<NamedTensor> inputs, Faults faults, TensorPool pool) {
        Set<String> missing = new HashSet<>(names);
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            missing.remove(name);
            TensorSpec spec = signature.input(name).orElse(null);
            if (spec == null) {
                faults.unknown(INPUTS, name, names);
                reader.skip();
                continue;
            }
            TensorLease lease = tensor(reader, spec, pool);
            inputs.add(new NamedTensor(name, lease));
            if (!spec.shape().fits(lease.tensor().shape())) {
                faults.add(
                        Faults.with(INPUTS, name),
                        "shape " + spec.shape(),
                        "shape " + lease.tensor().shape());
            }
        }
        for (TensorSpec spec : signature.inputs()) {
            if (missing.contains(spec.name()) && !spec.optional()) {
                faults.add(Faults.with(INPUTS, spec.name()), "required", "nothing");
            }
        }
    }

    private static TensorLease tensor(JsonReader reader, TensorSpec spec, TensorPool pool) {
        String what = "input '" + spec.name() + "'";
        DataType type = spec.dataType();
        try {
            if (type != DataType.FP16 && type != DataType.BF16) {
                return reader.tensor(what, type, pool);
            }
            try (TensorLease single = reader.tensor(what, DataType.FP32, pool)) {
                return narrowed(single.tensor(), type, pool);
            }
        } catch (FailureException e) {
            throw Bodies.under(Faults.with(INPUTS, spec.name()), e);
        }
    }

    /** JSON has no half precision: its numbers are rounded to it here. */
    private static TensorLease narrowed(Tensor single, DataType type, TensorPool pool) {
        TensorLease half = pool.allocate(type, single.shape());
        for (long i = 0; i < single.shape().elements(); i++) {
            Elements.set(half.tensor(), i, Elements.get(single, i));
        }
        return half;
    }

    @Override
    public Decoded decode(Object value, TensorPool pool) {
        Object plain = Bodies.plain(value);
        boolean wrapped = plain instanceof Map<?, ?> map
                && map.size() == 1
                && map.get("inputs") instanceof Map<?, ?>
                && !names.contains("inputs");
        String text = Json.write(wrapped ? plain : Map.of("inputs", plain == null ? List.of() : plain));
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            List<NamedTensor> inputs = new ArrayList<>();
            try {
                read(new JsonReader(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes)), inputs, pool);
                return new Decoded(inputs, 1, false);
            } catch (RuntimeException | Error e) {
                NamedTensor.closeAll(inputs);
                throw e;
            }
        }
    }

    @Override
    public Map<String, @Nullable Object> encode(
            Decoded decoded, InferenceResponse response, Map<String, String> options) {
        Map<String, Object> outputs = new LinkedHashMap<>();
        response.outputs().forEach(output -> outputs.put(output.name(), output.tensor()));
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("outputs", outputs);
        return answer;
    }

    @Override
    public Map<String, Object> requestSchema() {
        List<String> required = signature.inputs().stream()
                .filter(spec -> !spec.optional())
                .map(TensorSpec::name)
                .toList();
        Map<String, Object> tensors = new LinkedHashMap<>();
        signature.inputs().forEach(spec -> tensors.put(spec.name(), Schemas.tensor(spec)));
        return Schemas.document(Schemas.object(Map.of("inputs", Schemas.object(tensors, required)), List.of("inputs")));
    }

    @Override
    public Map<String, Object> responseSchema() {
        Map<String, Object> tensors = new LinkedHashMap<>();
        signature.outputs().forEach(spec -> tensors.put(spec.name(), Schemas.tensor(spec)));
        return Schemas.document(Schemas.open(Map.of("outputs", Schemas.open(tensors, List.of())), List.of("outputs")));
    }

    @Override
    public Object example() {
        Map<String, Object> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : signature.inputs()) {
            if (!spec.optional()) {
                tensors.put(spec.name(), Schemas.exampleTensor(spec));
            }
        }
        return Map.of("inputs", tensors);
    }

    @Override
    public List<String> contentTypes() {
        return List.of(Bodies.JSON);
    }
}
