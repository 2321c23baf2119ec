package dev.slipway.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Elements;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Task;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Manifests, bodies and answers for the tests of the forms. */
final class Forms {

    static final Dimension BATCH = Dimension.of("batch");

    private Forms() {}

    static TensorSpec spec(String name, DataType type, Dimension... dims) {
        return new TensorSpec(name, type, DeclaredShape.of(dims));
    }

    static Dimension dim(long size) {
        return Dimension.of(size);
    }

    static Manifest manifest(
            Task task,
            List<String> labels,
            List<String> columns,
            Signature signature,
            Map<String, Manifest.Input> inputs,
            Map<String, Manifest.Output> outputs) {
        return new Manifest(
                "onnx",
                "m.onnx",
                task,
                "",
                labels,
                columns,
                signature,
                inputs,
                outputs,
                Manifest.Checks.NONE,
                null,
                Map.of());
    }

    static StepSpec step(String name) {
        return new StepSpec(name, Map.of());
    }

    static StepSpec step(String name, Object value) {
        return new StepSpec(name, Map.of("value", value));
    }

    static TaskForm.Decoded decode(TaskForm form, String contentType, String text, TensorPool pool) {
        return decode(form, contentType, null, text.getBytes(StandardCharsets.UTF_8), pool);
    }

    static TaskForm.Decoded decode(TaskForm form, String contentType, String boundary, byte[] bytes, TensorPool pool) {
        try (TensorLease content = pool.allocate(DataType.UINT8, Shape.of(bytes.length))) {
            MemorySegment.copy(bytes, 0, content.tensor().data(), ValueLayout.JAVA_BYTE, 0, bytes.length);
            return form.decode(new TaskForm.Body(contentType, boundary, content, () -> {}), pool);
        }
    }

    static TaskForm.Decoded json(TaskForm form, String text, TensorPool pool) {
        return decode(form, "application/json", text, pool);
    }

    /** The decoded tensors as {@code name TYPE[shape] values}, given back. */
    static String text(TaskForm.Decoded decoded) {
        List<String> texts = new ArrayList<>();
        for (NamedTensor input : decoded.inputs()) {
            texts.add(input.name() + " " + input.tensor() + " " + Json.write(input.tensor()));
        }
        NamedTensor.closeAll(decoded.inputs());
        return String.join("; ", texts);
    }

    static Failure.BadInput refused(Runnable decoding) {
        try {
            decoding.run();
        } catch (FailureException e) {
            assertThat(e.failure()).isInstanceOf(Failure.BadInput.class);
            return (Failure.BadInput) e.failure();
        }
        throw new AssertionError("was not refused");
    }

    /** The faults as {@code path: rule, given}. */
    static List<String> faults(Runnable decoding) {
        return refused(decoding).faults().stream().map(Failure.Fault::toString).toList();
    }

    static NamedTensor floats(String name, TensorPool pool, Shape shape, double... values) {
        return numbers(name, DataType.FP32, pool, shape, values);
    }

    static NamedTensor numbers(String name, DataType type, TensorPool pool, Shape shape, double... values) {
        TensorLease lease = pool.allocate(type, shape);
        for (int i = 0; i < values.length; i++) {
            Elements.set(lease.tensor(), i, values[i]);
        }
        return new NamedTensor(name, lease);
    }

    static NamedTensor strings(String name, TensorPool pool, Shape shape, String... values) {
        List<byte[]> bytes = new ArrayList<>();
        for (String value : values) {
            bytes.add(value.getBytes(StandardCharsets.UTF_8));
        }
        return new NamedTensor(name, pool.copyOfBytes(shape, bytes));
    }

    static String answer(
            TaskForm form, int instances, boolean list, Map<String, String> options, NamedTensor... outputs) {
        try (InferenceResponse response = response(outputs)) {
            return Json.write(form.encode(new TaskForm.Decoded(List.of(), instances, list), response, options));
        }
    }

    static InferenceResponse response(NamedTensor... outputs) {
        return new InferenceResponse(
                ModelName.of("m"), 1, "id", List.of(outputs), Map.of(), new InferenceResponse.Timing(0, 0, 1));
    }
}
