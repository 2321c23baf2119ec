package dev.slipway.protocols.openinference;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.LengthPrefixed;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Quoted;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonFailure;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one infer request: the JSON, and after it the raw bytes of the inputs that are sent so. JSON numbers go straight
 * into tensors, raw bytes are used where they were received.
 */
final class InferReader {

    /**
     * What stands around a request.
     *
     * @param requestId names it for us when the caller gives no id
     */
    record Context(
            ModelRef model,
            String requestId,
            @Nullable Deadline deadline,
            @Nullable String routingKey,
            Cancellation cancellation) {}

    private final Context context;
    private final InputCheck check;
    private final TensorLease body;
    private final TensorPool pool;
    private final List<NamedTensor> inputs = new ArrayList<>();
    private final List<OutputPart> outputs = new ArrayList<>();
    private final List<InputPart> parts = new ArrayList<>();
    private final List<InputPart> binary = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private Map<String, Object> parameters = new LinkedHashMap<>();
    private @Nullable Deadline timeout;
    private @Nullable String id;
    private boolean binaryOutput;

    /**
     * A reader.
     *
     * @param body stays the caller's; inputs keep claims of their own
     */
    InferReader(Context context, InputCheck check, TensorLease body, TensorPool pool) {
        this.context = context;
        this.check = check;
        this.body = body;
        this.pool = pool;
    }

    /**
     * Reads it.
     *
     * @param headerLength the bytes of JSON; 0 means that the body is the only input's bytes; -1 that all is JSON
     */
    InferCall read(long headerLength) {
        long size = body.tensor().data().byteSize();
        if (headerLength > size) {
            throw InputCheck.plain("inference header size should be in range (0, " + size + "), got: " + headerLength);
        }
        try {
            if (headerLength == 0) {
                raw();
            } else {
                long json = headerLength < 0 ? size : headerLength;
                document(body.tensor().data().asSlice(0, json));
                binaryInputs(json);
            }
            check.complete(names);
            return new InferCall(request(), id, wishes(), binaryOutput);
        } catch (RuntimeException | Error e) {
            parts.forEach(InputPart::close);
            NamedTensor.closeAll(inputs);
            throw e;
        }
    }

    private List<OutputWish> wishes() {
        List<OutputWish> wishes = new ArrayList<>(outputs.size());
        for (OutputPart part : outputs) {
            boolean binary = part.binary() == null ? binaryOutput : part.binary();
            wishes.add(new OutputWish(part.name(), binary, part.classes()));
        }
        return wishes;
    }

    private InferenceRequest request() {
        Deadline deadline = context.deadline();
        if (timeout != null) {
            deadline = deadline == null ? timeout : deadline.earlier(timeout);
        }
        List<String> wanted = new ArrayList<>(outputs.size());
        for (OutputPart part : outputs) {
            wanted.add(part.name());
        }
        return new InferenceRequest(
                context.model(),
                id == null || id.isEmpty() ? context.requestId() : id,
                inputs,
                wanted,
                deadline,
                parameters,
                context.routingKey(),
                context.cancellation());
    }

    private void raw() {
        MemorySegment bytes = body.tensor().data();
        RawInput input = RawInput.of(check, bytes.byteSize());
        String name = input.spec().name();
        names.add(name);
        binaryOutput = true;
        inputs.add(new NamedTensor(
                name,
                input.spec().dataType() == DataType.BYTES
                        ? pool.copyOfBytes(input.shape(), List.of(bytes.toArray(ValueLayout.JAVA_BYTE)))
                        : fixed(name, input.spec().dataType(), input.shape(), bytes)));
    }

    private void document(MemorySegment text) {
        JsonReader json = new JsonReader(text);
        try {
            if (json.peek() != Token.OBJECT) {
                json.skip();
                json.end();
                throw Members.missing("inputs");
            }
            members(json);
            json.end();
        } catch (JsonFailure e) {
            throw inTritonsWords(e);
        }
    }

    private void members(JsonReader json) {
        boolean given = false;
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            switch (name) {
                case "id" -> id = Members.string(json, "id");
                case "parameters" -> requestParameters(json);
                case "inputs" -> {
                    inputs(json);
                    given = true;
                }
                case "outputs" -> outputs(json);
                default -> json.skip();
            }
        }
        check.id(id);
        if (!given) {
            throw Members.missing("inputs");
        }
        for (InputPart part : parts) {
            finish(json, part);
        }
    }

    private void inputs(JsonReader json) {
        Members.array(json, "inputs");
        while (json.nextElement()) {
            MessageLimits.TENSORS.requireRoom(parts.size());
            InputPart part = new InputPart(check, pool);
            parts.add(part);
            part.read(json);
        }
    }

    private void finish(JsonReader json, InputPart part) {
        part.require();
        if (!names.add(part.name())) {
            throw check.twice("input", part.name());
        }
        if (part.binary()) {
            binary.add(part);
        } else {
            inputs.add(new NamedTensor(part.name(), part.take(json)));
        }
    }

    private void outputs(JsonReader json) {
        Members.array(json, "outputs");
        Set<String> wanted = new LinkedHashSet<>();
        while (json.nextElement()) {
            OutputPart part = OutputPart.read(json);
            check.output(part.name());
            if (!wanted.add(part.name())) {
                throw check.twice("output", part.name());
            }
            outputs.add(part);
        }
    }

    private void requestParameters(JsonReader json) {
        RequestParameters read = RequestParameters.read(json);
        parameters = read.others();
        timeout = read.timeout();
        binaryOutput = read.binaryOutput();
    }

    /** The raw bytes of the inputs that announced them, in their order after the JSON. */
    private void binaryInputs(long from) {
        MemorySegment bytes = body.tensor().data();
        long at = from;
        for (InputPart part : binary) {
            long size = part.binarySize();
            if (size > bytes.byteSize() - at) {
                throw InputCheck.plain("unexpected size for input " + Quoted.of(part.name()) + ", expecting "
                        + (size - (bytes.byteSize() - at)) + " additional bytes for model " + Quoted.of(check.model()));
            }
            inputs.add(new NamedTensor(
                    part.name(), tensor(part.name(), part.dataType(), part.shape(), bytes.asSlice(at, size))));
            at += size;
        }
        if (at != bytes.byteSize()) {
            throw InputCheck.plain("unexpected additional input data for model " + Quoted.of(check.model()));
        }
    }

    private TensorLease tensor(String name, DataType dataType, Shape shape, MemorySegment bytes) {
        if (dataType == DataType.BYTES) {
            Tensor raw = Tensor.of(DataType.UINT8, Shape.of(bytes.byteSize()), bytes);
            return LengthPrefixed.tensor("input " + Quoted.of(name), shape, body.view(raw), pool);
        }
        return fixed(name, dataType, shape, bytes);
    }

    /** A view of the received bytes; copied only where they lie so that the engine could not read them. */
    private TensorLease fixed(String name, DataType dataType, Shape shape, MemorySegment bytes) {
        long expected;
        try {
            expected = Tensor.byteSize(dataType, shape);
        } catch (IllegalArgumentException e) {
            throw InputCheck.plain("byte size overflow for input " + Quoted.of(name) + ": " + e.getMessage());
        }
        check.bytes(name, expected, bytes.byteSize());
        if (bytes.address() % dataType.bytes() == 0) {
            return body.view(Tensor.of(dataType, shape, bytes));
        }
        TensorLease copy = pool.allocate(dataType, shape);
        copy.tensor().data().copyFrom(bytes);
        return copy;
    }

    private static FailureException inTritonsWords(JsonFailure error) {
        String detail = error.failure().detail();
        return switch (error.fault()) {
            case JsonFailure.Misfit.TENSOR_COUNT ->
                unparsedData("Shape does not match true shape of 'data' field: " + detail, error);
            case JsonFailure.Misfit.TENSOR_NESTING, JsonFailure.Misfit.TENSOR_ELEMENT -> unparsedData(detail, error);
            case JsonFailure.Misfit.REPEATED_NAME,
                    JsonFailure.Misfit.TOO_MUCH,
                    JsonFailure.Misfit.TYPE,
                    JsonFailure.Misfit.TENSOR_TYPE -> error;
            case JsonFailure.Syntax _ -> Members.unparsed(error);
        };
    }

    private static FailureException unparsedData(String problem, JsonFailure error) {
        return new FailureException(Failure.BadInput.of("Unable to parse 'data': " + problem), error);
    }
}
