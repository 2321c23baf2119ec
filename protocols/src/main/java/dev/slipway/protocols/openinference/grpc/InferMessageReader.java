package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.WireFormat;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.protocols.openinference.MessageLimits;
import dev.slipway.protocols.openinference.grpc.InferMessage.Input;
import dev.slipway.protocols.openinference.grpc.InferMessage.Output;
import dev.slipway.protocols.openinference.grpc.InferMessage.Range;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code ModelInferRequest} in place: names and shapes are taken out, tensor bytes only located. Generated
 * classes would copy every tensor once more.
 */
final class InferMessageReader {

    private static final int STRING = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final WireReader in;

    private InferMessageReader(MemorySegment message) {
        this.in = new WireReader(message);
    }

    /**
     * Reads a whole message.
     *
     * @throws FailureException {@code BadInput}, malformed, when it is not one
     */
    static InferMessage read(MemorySegment message) {
        try {
            return new InferMessageReader(message).message();
        } catch (IOException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("the message is no ModelInferRequest: " + e.getMessage()), e);
        }
    }

    private InferMessage message() throws IOException {
        String model = "";
        String version = "";
        String id = "";
        Map<String, Object> parameters = Map.of();
        List<Input> inputs = new ArrayList<>(1);
        List<Output> outputs = new ArrayList<>(1);
        List<Range> raw = new ArrayList<>(1);
        for (int tag = in.tag(); tag != 0; tag = in.tag()) {
            switch (tag) {
                case 1 << 3 | STRING -> model = in.string();
                case 2 << 3 | STRING -> version = in.string();
                case 3 << 3 | STRING -> id = in.string();
                case 4 << 3 | STRING -> parameters = parameter(parameters);
                case 5 << 3 | STRING -> {
                    MessageLimits.TENSORS.requireRoom(inputs.size());
                    inputs.add(input());
                }
                case 6 << 3 | STRING -> {
                    MessageLimits.TENSORS.requireRoom(outputs.size());
                    outputs.add(output());
                }
                case 7 << 3 | STRING -> {
                    MessageLimits.TENSORS.requireRoom(raw.size());
                    raw.add(range());
                }
                default -> in.skip(tag);
            }
        }
        return new InferMessage(model, version, id, parameters, inputs, outputs, raw);
    }

    private Input input() throws IOException {
        long end = in.enter();
        String name = "";
        String datatype = "";
        List<Long> shape = new ArrayList<>(4);
        Map<String, Object> parameters = Map.of();
        @Nullable Range contents = null;
        for (int tag = in.tag(); tag != 0; tag = in.tag()) {
            switch (tag) {
                case 1 << 3 | STRING -> name = in.string();
                case 2 << 3 | STRING -> datatype = in.string();
                case 3 << 3 | WireFormat.WIRETYPE_VARINT -> dimension(shape);
                case 3 << 3 | STRING -> packed(shape);
                case 4 << 3 | STRING -> parameters = parameter(parameters);
                case 5 << 3 | STRING -> contents = range();
                default -> in.skip(tag);
            }
        }
        in.leave(end);
        return new Input(name, datatype, shape, parameters, contents);
    }

    private void packed(List<Long> shape) throws IOException {
        long end = in.enter();
        while (in.more()) {
            dimension(shape);
        }
        in.leave(end);
    }

    private void dimension(List<Long> shape) throws IOException {
        MessageLimits.DIMENSIONS.requireRoom(shape.size());
        shape.add(in.varint());
    }

    private Output output() throws IOException {
        long end = in.enter();
        String name = "";
        Map<String, Object> parameters = Map.of();
        for (int tag = in.tag(); tag != 0; tag = in.tag()) {
            switch (tag) {
                case 1 << 3 | STRING -> name = in.string();
                case 2 << 3 | STRING -> parameters = parameter(parameters);
                default -> in.skip(tag);
            }
        }
        in.leave(end);
        return new Output(name, parameters);
    }

    /** One entry of a {@code map<string, InferParameter>} more. */
    private Map<String, Object> parameter(Map<String, Object> before) throws IOException {
        MessageLimits.PARAMETERS.requireRoom(before.size());
        long end = in.enter();
        String name = "";
        @Nullable Object value = null;
        for (int tag = in.tag(); tag != 0; tag = in.tag()) {
            switch (tag) {
                case 1 << 3 | STRING -> name = in.string();
                case 2 << 3 | STRING -> value = parameterValue();
                default -> in.skip(tag);
            }
        }
        in.leave(end);
        if (value == null) {
            return before;
        }
        Map<String, Object> after = before.isEmpty() ? new HashMap<>() : before;
        after.put(name, value);
        return after;
    }

    private @Nullable Object parameterValue() throws IOException {
        long end = in.enter();
        @Nullable Object value = null;
        for (int tag = in.tag(); tag != 0; tag = in.tag()) {
            switch (tag) {
                case 1 << 3 | WireFormat.WIRETYPE_VARINT -> value = in.varint() != 0;
                case 2 << 3 | WireFormat.WIRETYPE_VARINT -> value = in.varint();
                case 3 << 3 | STRING -> value = in.string();
                case 4 << 3 | WireFormat.WIRETYPE_FIXED64 -> value = Double.longBitsToDouble(in.fixed64());
                case 5 << 3 | WireFormat.WIRETYPE_VARINT -> value = in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(end);
        return value;
    }

    private Range range() throws IOException {
        long length = in.block().byteSize();
        return new Range(Math.toIntExact(in.position() - length), Math.toIntExact(length));
    }
}
