package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.protocols.openinference.Classification;
import dev.slipway.serving.Batchability;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One {@code ModelInferRequest} and what its answers are made from. */
final class InferExchange {

    private final InferMessage message;
    private final InferenceRequest request;
    private final ModelServer server;

    private InferExchange(InferMessage message, InferenceRequest request, ModelServer server) {
        this.message = message;
        this.request = request;
        this.server = server;
    }

    /**
     * Reads a message.
     *
     * @throws FailureException {@code BadInput} when it cannot be read or does not agree with itself
     */
    static InferExchange read(
            Buffer payload, @Nullable Deadline deadline, Cancellation cancellation, ModelServer server) {
        ByteBuffer bytes = ((BufferInternal) payload).getByteBuf().nioBuffer();
        InferMessage message = InferMessageReader.read(bytes);
        ModelRef ref = reference(message.model(), message.version());
        List<String> outputs =
                message.outputs().stream().map(InferMessage.Output::name).toList();
        List<NamedTensor> inputs = new InferMessageTensors(message, bytes, server.pool()).inputs();
        return new InferExchange(
                message,
                new InferenceRequest(
                        ref,
                        message.id(),
                        inputs,
                        outputs,
                        timeout(message.parameters(), deadline),
                        message.parameters(),
                        null,
                        cancellation),
                server);
    }

    static ModelRef reference(String model, String version) {
        ModelRef ref = ModelRef.parse(model);
        return version.isEmpty() ? ref : ModelRef.of(ref.model(), ModelRef.parseVersion(version));
    }

    /** V2's own {@code timeout}, in microseconds, if it ends before the call's deadline. */
    private static @Nullable Deadline timeout(Map<String, Object> parameters, @Nullable Deadline deadline) {
        if (!(parameters.get("timeout") instanceof Long micros) || micros <= 0) {
            return deadline;
        }
        Deadline own = Deadline.after(java.time.Duration.ofNanos(Math.multiplyExact(Math.min(micros, 1L << 50), 1000)));
        return deadline == null ? own : own.earlier(deadline);
    }

    InferenceRequest request() {
        return request;
    }

    String id() {
        return message.id();
    }

    /** Whether the caller wants to be told which answer is the last. */
    boolean wantsFinal() {
        return Boolean.TRUE.equals(message.parameters().get("triton_enable_empty_final_response"));
    }

    /** The bytes of an answer; gives the response back. */
    Buffer write(InferenceResponse response) {
        try (response) {
            if (message.outputs().stream()
                    .noneMatch(output -> output.parameters().containsKey("classification"))) {
                return InferMessageWriter.write(response);
            }
            return classified(response);
        }
    }

    private Buffer classified(InferenceResponse response) {
        LoadedVersion version = server.version(ModelRef.of(response.model(), response.version()));
        boolean batched = !(version.batchability() instanceof Batchability.No);
        List<NamedTensor> outputs = new ArrayList<>();
        try {
            for (NamedTensor output : response.outputs()) {
                int classes = classes(output.name());
                outputs.add(new NamedTensor(
                        output.name(),
                        classes == 0
                                ? output.lease().retain()
                                : Classification.of(
                                        output.tensor(),
                                        classes,
                                        batched,
                                        version.manifest().labels(),
                                        server.pool())));
            }
            return InferMessageWriter.write(new InferenceResponse(
                    response.model(),
                    response.version(),
                    response.id(),
                    outputs,
                    response.parameters(),
                    response.timing()));
        } finally {
            NamedTensor.closeAll(outputs);
        }
    }

    private int classes(String output) {
        for (InferMessage.Output wanted : message.outputs()) {
            if (wanted.name().equals(output) && wanted.parameters().get("classification") instanceof Long count) {
                if (count < 1) {
                    throw new FailureException(Failure.BadInput.of(
                            "output '" + output + "': classification " + count + " given, must be at least 1"));
                }
                return (int) Math.min(count, Integer.MAX_VALUE);
            }
        }
        return 0;
    }
}
