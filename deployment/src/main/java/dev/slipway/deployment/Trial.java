package dev.slipway.deployment;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.json.Json;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.tasks.TaskForm;
import dev.slipway.tasks.TaskForm.Body;
import dev.slipway.tasks.TaskForm.Decoded;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A version in memory that is tried out before anybody is sent to it. */
record Trial(LoadedVersion loaded, TaskForm form, TensorPool pool) {

    /** The answer to a body, as JSON values. */
    @Nullable
    Object answer(String contentType, String text) {
        Decoded decoded = decode(contentType, text);
        try (InferenceResponse response = run(decoded.inputs())) {
            return Json.parse(Json.write(form.encode(decoded, response, Map.of())));
        }
    }

    Decoded decode(String contentType, String text) {
        return decode(contentType, MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    Decoded decode(String contentType, MemorySegment text) {
        try (TensorLease content = pool.allocate(DataType.UINT8, Shape.of(text.byteSize()))) {
            content.tensor().data().copyFrom(text);
            return form.decode(new Body(contentType, content), pool);
        }
    }

    /** Runs the version once and waits. Takes the inputs over. */
    InferenceResponse run(List<NamedTensor> inputs) {
        try {
            return loaded.infer(request(inputs)).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new FailureException(FailureException.of(e), e.getCause());
        }
    }

    InferenceRequest request(List<NamedTensor> inputs) {
        return new InferenceRequest(
                ModelRef.of(loaded.model(), loaded.version()),
                "check",
                inputs,
                List.of(),
                null,
                Map.of(),
                null,
                new Cancellation());
    }

    static FailureException refused(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }
}
