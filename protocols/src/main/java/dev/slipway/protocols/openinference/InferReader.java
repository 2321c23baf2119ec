package dev.slipway.protocols.openinference;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Deadline;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.LengthPrefixed;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import java.lang.foreign.MemorySegment;
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

    /** The members of an input, in whatever order they come. */
    private static final class InputPart {
        @Nullable
        String name;

        @Nullable
        String dataType;

        long @Nullable [] shape;

        @Nullable
        Long binarySize;

        long data = -1;
        boolean sharedMemory;

        @Nullable
        TensorLease tensor;
    }

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
            parts.forEach(InferReader::give);
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

    /** The body is the bytes of the model's only input, one row of it. */
    private void raw() {
        List<TensorSpec> specs = check.signature().inputs();
        if (specs.size() != 1) {
            throw check.refused("Raw request must only have 1 input (found 1) to be deduced but got " + specs.size()
                    + " inputs in '" + check.model() + "' model configuration");
        }
        TensorSpec spec = specs.getFirst();
        Shape shape = rawShape(spec);
        names.add(spec.name());
        binaryOutput = true;
        MemorySegment bytes = body.tensor().data();
        if (spec.dataType() == DataType.BYTES) {
            inputs.add(new NamedTensor(
                    spec.name(),
                    pool.copyOfBytes(shape, List.of(bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)))));
        } else {
            inputs.add(new NamedTensor(spec.name(), fixed(spec.name(), spec.dataType(), shape, bytes)));
        }
    }

    private Shape rawShape(TensorSpec spec) {
        List<Dimension> dims = spec.shape().dims();
        boolean batches = check.batches();
        long[] sizes = new long[dims.size()];
        long known = 1;
        int free = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (dims.get(i) instanceof Dimension.Fixed(long size)) {
                sizes[i] = size;
            } else if (i == 0 && batches) {
                sizes[i] = 1;
            } else if (free < 0) {
                free = i;
                continue;
            } else {
                throw check.refused("The shape of the raw input '" + spec.name()
                        + "' can not be deduced because there are more than one variable-sized dimension");
            }
            known *= sizes[i];
        }
        if (spec.dataType() == DataType.BYTES) {
            if (free >= 0 || known != 1) {
                throw check.refused(
                        "For BYTE datatype raw input '" + spec.name() + "', the model must have input shape [1]");
            }
        } else if (free >= 0) {
            long row = known * spec.dataType().bytes();
            sizes[free] = row == 0 ? 0 : body.tensor().data().byteSize() / row;
        }
        return Shape.of(sizes);
    }

    private void document(MemorySegment text) {
        JsonReader json = new JsonReader(text);
        try {
            if (json.peek() != Token.OBJECT) {
                json.skip();
                json.end();
                throw missing("inputs");
            }
            members(json);
            json.end();
        } catch (FailureException e) {
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
            throw missing("inputs");
        }
        for (InputPart part : parts) {
            finish(json, part);
        }
    }

    private static FailureException missing(String member) {
        return InputCheck.plain(
                "Unable to parse '" + member + "': attempt to access non-existing object member '" + member + "'");
    }

    private void inputs(JsonReader json) {
        Members.array(json, "inputs");
        while (json.nextElement()) {
            InputPart part = new InputPart();
            parts.add(part);
            input(json, part);
        }
    }

    private static void give(InputPart part) {
        TensorLease tensor = part.tensor;
        if (tensor != null) {
            part.tensor = null;
            tensor.close();
        }
    }

    private void input(JsonReader json, InputPart part) {
        Members.object(json, "inputs");
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            switch (name) {
                case "name" -> part.name = Members.string(json, "name");
                case "datatype" -> part.dataType = Members.string(json, "datatype");
                case "shape" -> part.shape = Members.shape(json);
                case "parameters" -> inputParameters(json, part);
                case "data" -> data(json, part);
                default -> json.skip();
            }
        }
    }

    /** Decodes at once where it is known as what; else passes over it, to come back. */
    private void data(JsonReader json, InputPart part) {
        part.data = json.position();
        if (part.name != null && part.dataType != null && part.shape != null && part.binarySize == null) {
            part.tensor = decode(json, part);
        } else {
            json.skip();
        }
    }

    private TensorLease decode(JsonReader json, InputPart part) {
        String name = required(part.name, "name");
        DataType dataType = InputCheck.dataType(name, required(part.dataType, "datatype"));
        Shape shape = shape(part);
        check.input(name, dataType, shape);
        if (json.peek() != Token.ARRAY) {
            throw InputCheck.plain("Unable to parse 'data': attempt to access JSON non-array as array");
        }
        return json.tensor("input '" + name + "'", dataType, shape, pool);
    }

    private static Shape shape(InputPart part) {
        long[] dims = part.shape;
        if (dims == null) {
            throw missing("shape");
        }
        return InputCheck.shape(required(part.name, "name"), dims);
    }

    private static String required(@Nullable String value, String member) {
        if (value == null) {
            throw missing(member);
        }
        return value;
    }

    private void finish(JsonReader json, InputPart part) {
        oneSource(part);
        String name = required(part.name, "name");
        DataType dataType = InputCheck.dataType(name, required(part.dataType, "datatype"));
        if (!names.add(name)) {
            throw check.twice("input", name);
        }
        check.input(name, dataType, shape(part));
        if (part.binarySize != null) {
            binary.add(part);
            return;
        }
        TensorLease tensor = part.tensor;
        part.tensor = null;
        inputs.add(new NamedTensor(name, tensor == null ? decode(json.reread(part.data), part) : tensor));
    }

    private static void oneSource(InputPart part) {
        int sources = (part.data >= 0 ? 1 : 0) + (part.binarySize != null ? 1 : 0) + (part.sharedMemory ? 1 : 0);
        if (sources != 1) {
            throw InputCheck.plain("Input must set only one of the following fields: 'data', 'binary_data_size' in"
                    + " 'parameters', 'shared_memory_region' in 'parameters'. But"
                    + (sources == 0 ? " no field is set" : " set")
                    + (sources > 0 && part.data >= 0 ? " 'data'" : "")
                    + (sources > 0 && part.binarySize != null ? " 'binary_data_size'" : "")
                    + (sources > 0 && part.sharedMemory ? " 'shared_memory_region'" : ""));
        }
        if (part.sharedMemory) {
            throw new FailureException(
                    new Failure.Unsupported("shared memory is not supported; send the input's data"));
        }
    }

    private void inputParameters(JsonReader json, InputPart part) {
        Members.object(json, "parameters");
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            switch (name) {
                case "binary_data_size" -> part.binarySize = Members.unsigned(json, "binary_data_size");
                case "shared_memory_region" -> {
                    part.sharedMemory = true;
                    json.skip();
                }
                default -> json.skip();
            }
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
            String name = required(part.name, "name");
            long size = part.binarySize == null ? 0 : part.binarySize;
            if (size < 0 || size > bytes.byteSize() - at) {
                throw InputCheck.plain("unexpected size for input '" + name + "', expecting "
                        + (size - (bytes.byteSize() - at)) + " additional bytes for model '" + check.model() + "'");
            }
            DataType dataType = InputCheck.dataType(name, required(part.dataType, "datatype"));
            inputs.add(new NamedTensor(name, tensor(name, dataType, shape(part), bytes.asSlice(at, size))));
            at += size;
        }
        if (at != bytes.byteSize()) {
            throw InputCheck.plain("unexpected additional input data for model '" + check.model() + "'");
        }
    }

    private TensorLease tensor(String name, DataType dataType, Shape shape, MemorySegment bytes) {
        if (dataType == DataType.BYTES) {
            Tensor raw = Tensor.of(DataType.UINT8, Shape.of(bytes.byteSize()), bytes);
            return LengthPrefixed.tensor("input '" + name + "'", shape, body.view(raw), pool);
        }
        return fixed(name, dataType, shape, bytes);
    }

    /** A view of the received bytes; copied only where they lie so that the engine could not read them. */
    private TensorLease fixed(String name, DataType dataType, Shape shape, MemorySegment bytes) {
        long expected;
        try {
            expected = Tensor.byteSize(dataType, shape);
        } catch (IllegalArgumentException e) {
            throw InputCheck.plain("byte size overflow for input '" + name + "': " + e.getMessage());
        }
        check.bytes(name, expected, bytes.byteSize());
        if (bytes.address() % dataType.bytes() == 0) {
            return body.view(Tensor.of(dataType, shape, bytes));
        }
        TensorLease copy = pool.allocate(dataType, shape);
        copy.tensor().data().copyFrom(bytes);
        return copy;
    }

    private static FailureException inTritonsWords(FailureException error) {
        if (!(error.failure() instanceof Failure.BadInput input)) {
            return error;
        }
        if (input.malformed()) {
            return new FailureException(Failure.BadInput.malformed(Members.parseError(input.detail())), error);
        }
        if (input.detail().startsWith("input '")) {
            String shapes = input.detail().contains("values given, shape")
                    ? "Shape does not match true shape of 'data' field: "
                    : "";
            return new FailureException(
                    Failure.BadInput.of("Unable to parse 'data': " + shapes + input.detail()), error);
        }
        return error;
    }
}
