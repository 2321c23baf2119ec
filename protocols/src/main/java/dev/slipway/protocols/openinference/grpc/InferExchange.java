package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Quoted;
import dev.slipway.protocols.openinference.Classification;
import dev.slipway.protocols.openinference.InputCheck;
import dev.slipway.protocols.openinference.Models;
import dev.slipway.server.spi.GrpcExchange;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One {@code ModelInferRequest} and what its answers are made from. */
final class InferExchange {

    private final InferMessage message;
    private final InferenceRequest request;
    private final LoadedVersion named;
    private final ModelServer server;

    private InferExchange(InferMessage message, InferenceRequest request, LoadedVersion named, ModelServer server) {
        this.message = message;
        this.request = request;
        this.named = named;
        this.server = server;
    }

    /**
     * Makes a request of a message.
     *
     * @param bytes that the message was read from
     * @throws FailureException {@code BadInput} when it does not agree with itself or does not fit the model
     */
    static InferExchange of(
            InferMessage message, MemorySegment bytes, GrpcExchange call, Models models, ModelServer server) {
        ModelRef ref = Models.ref(message.model(), message.version());
        LoadedVersion version = models.version(ref);
        check(message, new InputCheck(version));
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
                        timeout(message.parameters(), call.deadline()),
                        message.parameters(),
                        call.header("x-slipway-key"),
                        call.cancellation()),
                version,
                server);
    }

    private static void check(InferMessage message, InputCheck check) {
        check.id(message.id());
        Set<String> inputs = new LinkedHashSet<>();
        for (InferMessage.Input input : message.inputs()) {
            check.input(input.name(), InferMessageTensors.type(input), InferMessageTensors.shape(input));
            if (!inputs.add(input.name())) {
                throw check.twice("input", input.name());
            }
        }
        check.complete(inputs);
        Set<String> outputs = new LinkedHashSet<>();
        for (InferMessage.Output output : message.outputs()) {
            check.output(output.name());
            if (!outputs.add(output.name())) {
                throw check.twice("output", output.name());
            }
        }
    }

    /** V2's own {@code timeout}, in microseconds, if it ends before the call's deadline. */
    private static @Nullable Deadline timeout(Map<String, Object> parameters, @Nullable Deadline deadline) {
        if (!(parameters.get("timeout") instanceof Long micros) || micros <= 0) {
            return deadline;
        }
        Deadline own = Deadline.after(Duration.ofNanos(Math.multiplyExact(Math.min(micros, 1L << 50), 1000)));
        return deadline == null ? own : own.earlier(deadline);
    }

    InferenceRequest request() {
        return request;
    }

    /** Whether the caller wants to be told which answer is the last. */
    boolean wantsFinal() {
        return Boolean.TRUE.equals(message.parameters().get("triton_enable_empty_final_response"));
    }

    /** Whether some output is wanted as its best classes. */
    boolean classifies() {
        return message.outputs().stream().anyMatch(output -> output.parameters().containsKey("classification"));
    }

    /** The message of an answer; takes the response over, also when this fails. */
    InferMessageAnswer write(InferenceResponse response) {
        if (!classifies()) {
            return InferMessageAnswer.of(response);
        }
        try (response) {
            return InferMessageAnswer.of(classified(response));
        }
    }

    private InferenceResponse classified(InferenceResponse response) {
        LoadedVersion version = server.answering(response, named);
        boolean batched = InputCheck.batches(version);
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
            return new InferenceResponse(
                    response.model(),
                    response.version(),
                    response.id(),
                    outputs,
                    response.parameters(),
                    response.timing());
        } catch (RuntimeException | Error e) {
            NamedTensor.closeAll(outputs);
            throw e;
        }
    }

    private int classes(String output) {
        for (InferMessage.Output wanted : message.outputs()) {
            if (wanted.name().equals(output) && wanted.parameters().get("classification") instanceof Long count) {
                if (count < 1) {
                    throw new FailureException(Failure.BadInput.of("output " + Quoted.of(output) + ": classification "
                            + count + " given, must be at least 1"));
                }
                return (int) Math.min(count, Integer.MAX_VALUE);
            }
        }
        return 0;
    }
}
