package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonWriter;
import dev.slipway.server.spi.NativeBuffers;
import dev.slipway.serving.LoadedVersion;
import io.vertx.core.buffer.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer as V2 sends it: JSON, and after it the raw bytes of the outputs that are wanted so, straight from where the
 * engine left them. Holds the answer's memory until it is closed.
 */
final class InferAnswer implements AutoCloseable {

    private final InferenceResponse response;
    private final List<NamedTensor> outputs = new ArrayList<>();
    private final List<MemorySegment> raw = new ArrayList<>();
    private final JsonWriter json;
    private boolean closed;

    private InferAnswer(InferenceResponse response, JsonWriter json) {
        this.response = response;
        this.json = json;
    }

    /** Writes an answer; takes the response over, also when this fails. */
    static InferAnswer of(
            InferCall call, InferenceResponse response, LoadedVersion version, TensorPool pool, JsonWriter json) {
        InferAnswer answer = new InferAnswer(response, json);
        try {
            for (NamedTensor output : response.outputs()) {
                answer.add(output, call.wish(output.name()), version, pool);
            }
            answer.write(call);
            return answer;
        } catch (RuntimeException | Error e) {
            answer.close();
            throw e;
        }
    }

    private void add(NamedTensor output, OutputWish wish, LoadedVersion version, TensorPool pool) {
        if (wish.classes() > 0) {
            boolean batched = InputCheck.batches(version);
            int classes = (int) Math.min(Integer.MAX_VALUE, wish.classes());
            List<String> labels = version.manifest().labels();
            outputs.add(
                    new NamedTensor(output.name(), Classification.of(output.tensor(), classes, batched, labels, pool)));
        } else {
            output.lease().retain();
            outputs.add(output);
        }
    }

    private void write(InferCall call) {
        json.beginObject();
        if (call.id() != null && !call.id().isEmpty()) {
            json.name("id").value(call.id());
        }
        json.name("model_name").value(response.model().toString());
        json.name("model_version").value(Long.toString(response.version()));
        if (!response.parameters().isEmpty()) {
            json.name("parameters").value(response.parameters());
        }
        json.name("outputs").beginArray();
        for (NamedTensor output : outputs) {
            write(output, call.wish(output.name()).binary());
        }
        json.endArray().endObject();
    }

    private void write(NamedTensor output, boolean binary) {
        Tensor tensor = output.tensor();
        json.beginObject();
        json.name("name").value(output.name());
        json.name("datatype").value(tensor.dataType().name());
        json.name("shape").beginArray();
        for (int i = 0; i < tensor.shape().rank(); i++) {
            json.value(tensor.shape().dim(i));
        }
        json.endArray();
        if (binary) {
            MemorySegment bytes = tensor.wire();
            json.name("parameters").beginObject();
            json.name("binary_data_size").value(bytes.byteSize());
            json.endObject();
            if (bytes.byteSize() > 0) {
                raw.add(bytes);
            }
        } else {
            if (tensor.dataType() == DataType.FP16 || tensor.dataType() == DataType.BF16) {
                throw InputCheck.plain("sending " + tensor.dataType()
                        + " data via JSON is not supported. Please use the binary data format for output "
                        + output.name());
            }
            json.name("data").flat(tensor);
        }
        json.endObject();
    }

    /** Whether raw bytes follow the JSON. */
    boolean binary() {
        return !raw.isEmpty();
    }

    int jsonSize() {
        return json.size();
    }

    /** The whole body, valid until this is closed. */
    Buffer body() {
        if (raw.isEmpty()) {
            return NativeBuffers.of(json.buffer(), json.size());
        }
        List<MemorySegment> parts = new ArrayList<>(raw.size() + 1);
        parts.add(MemorySegment.ofArray(json.buffer()).asSlice(0, json.size()));
        parts.addAll(raw);
        return NativeBuffers.of(parts);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            NamedTensor.closeAll(outputs);
            response.close();
        }
    }
}
