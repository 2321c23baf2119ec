package dev.slipway.embed;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.TensorPool;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.tasks.TaskForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A model in memory, ready to predict. Safe for use by several threads; to be closed after the last call. */
public final class Model implements AutoCloseable {

    private final LoadedVersion loaded;
    private final TaskForm form;
    private final TensorPool pool;
    private final Closing parts;
    private final AtomicLong calls = new AtomicLong();

    Model(LoadedVersion loaded, TaskForm form, TensorPool pool, Closing parts) {
        this.loaded = loaded;
        this.form = form;
        this.pool = pool;
        this.parts = parts;
    }

    public String name() {
        return loaded.model().name();
    }

    /** What inspection found in the model, and what its package says. */
    public Manifest manifest() {
        return loaded.manifest();
    }

    /**
     * Predicts from named values: the columns of a tabular model, or the tensors of a model without a task as nested
     * lists.
     *
     * @throws FailureException {@code BadInput} naming every value that does not fit
     */
    public Prediction predict(Map<String, ?> values) {
        return single(values);
    }

    /** Predicts from one row, as {@link #predict(List)} does. */
    public Prediction predict(double... row) {
        List<Double> values = new ArrayList<>(row.length);
        for (double value : row) {
            values.add(value);
        }
        return predict(values);
    }

    /**
     * Predicts from one row of a tabular model, its values in the order of the columns; or from the only input of a
     * model without a task, as its numbers in row-major order or as nested lists.
     *
     * @throws FailureException {@code BadInput} naming every value that does not fit
     */
    public Prediction predict(List<?> values) {
        Optional<OnlyInput> only = OnlyInput.of(manifest());
        return single(only.isPresent() ? only.get().tensors(values) : values);
    }

    /** Predicts from an image file's bytes. */
    public Prediction predict(byte[] image) {
        return single(image);
    }

    /**
     * Predicts from several instances in one call.
     *
     * @param instances each a map, a list of numbers or the bytes of an image
     * @return a prediction for each, in their order
     */
    public List<Prediction> predictAll(List<?> instances) {
        Object predictions = answer(List.copyOf(instances)).get("predictions");
        return predictions instanceof List<?> list
                ? list.stream().map(Prediction::of).toList()
                : List.of();
    }

    /**
     * Runs the graph itself on tensors.
     *
     * @param inputs tensors of {@link #pool}; taken over
     * @return every output; the caller closes it
     */
    public InferenceResponse infer(List<NamedTensor> inputs) {
        return run(inputs);
    }

    /** Where the tensors for {@link #infer} come from. */
    public TensorPool pool() {
        return pool;
    }

    private Prediction single(Object value) {
        return Prediction.of(answer(value));
    }

    private Map<String, @Nullable Object> answer(Object value) {
        TaskForm.Decoded decoded = form.decode(value, pool);
        try (InferenceResponse response = run(decoded.inputs())) {
            Map<String, @Nullable Object> copied = new LinkedHashMap<>();
            form.encode(decoded, response, Map.of()).forEach((name, member) -> copied.put(name, HeapValues.of(member)));
            return copied;
        }
    }

    private InferenceResponse run(List<NamedTensor> inputs) {
        Cancellation cancellation = new Cancellation();
        InferenceRequest request = new InferenceRequest(
                ModelRef.of(loaded.model(), loaded.version()),
                Long.toString(calls.incrementAndGet()),
                inputs,
                List.of(),
                null,
                Map.of(),
                null,
                cancellation);
        CompletableFuture<InferenceResponse> answer = loaded.infer(request).toCompletableFuture();
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new FailureException(FailureException.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Failure cancelled = new Failure.Cancelled("the thread that waited for the prediction was interrupted");
            cancellation.cancel(cancelled);
            CompletableFuture<Void> _ = answer.thenAccept(InferenceResponse::close);
            throw new FailureException(cancelled, e);
        }
    }

    /** Unloads the model. */
    @Override
    public void close() {
        parts.close();
    }
}
