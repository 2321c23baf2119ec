package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.protocols.openinference.grpc.InferMessage.Input;
import dev.slipway.protocols.openinference.grpc.InferMessage.Output;
import dev.slipway.protocols.openinference.grpc.InferMessage.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    private final CodedInputStream in;

    private InferMessageReader(ByteBuffer message) {
        this.in = CodedInputStream.newInstance(message);
    }

    /**
     * Reads a whole message.
     *
     * @throws FailureException {@code BadInput}, malformed, when it is not one
     */
    static InferMessage read(ByteBuffer message) {
        try {
            return new InferMessageReader(message).message();
        } catch (IOException | IllegalStateException e) {
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
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | STRING -> model = in.readStringRequireUtf8();
                case 2 << 3 | STRING -> version = in.readStringRequireUtf8();
                case 3 << 3 | STRING -> id = in.readStringRequireUtf8();
                case 4 << 3 | STRING -> parameters = parameter(parameters);
                case 5 << 3 | STRING -> inputs.add(input());
                case 6 << 3 | STRING -> outputs.add(output());
                case 7 << 3 | STRING -> raw.add(range());
                default -> skip(tag);
            }
        }
        return new InferMessage(model, version, id, parameters, inputs, outputs, raw);
    }

    private Input input() throws IOException {
        int end = in.pushLimit(in.readRawVarint32());
        String name = "";
        String datatype = "";
        List<Long> shape = new ArrayList<>(4);
        Map<String, Object> parameters = Map.of();
        @Nullable Range contents = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | STRING -> name = in.readStringRequireUtf8();
                case 2 << 3 | STRING -> datatype = in.readStringRequireUtf8();
                case 3 << 3 | WireFormat.WIRETYPE_VARINT -> shape.add(in.readInt64());
                case 3 << 3 | STRING -> packed(shape);
                case 4 << 3 | STRING -> parameters = parameter(parameters);
                case 5 << 3 | STRING -> contents = range();
                default -> skip(tag);
            }
        }
        in.popLimit(end);
        return new Input(name, datatype, shape, parameters, contents);
    }

    private void packed(List<Long> shape) throws IOException {
        int end = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            shape.add(in.readInt64());
        }
        in.popLimit(end);
    }

    private Output output() throws IOException {
        int end = in.pushLimit(in.readRawVarint32());
        String name = "";
        Map<String, Object> parameters = Map.of();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | STRING -> name = in.readStringRequireUtf8();
                case 2 << 3 | STRING -> parameters = parameter(parameters);
                default -> skip(tag);
            }
        }
        in.popLimit(end);
        return new Output(name, parameters);
    }

    /** One entry of a {@code map<string, InferParameter>}. */
    private Map<String, Object> parameter(Map<String, Object> before) throws IOException {
        int end = in.pushLimit(in.readRawVarint32());
        String name = "";
        @Nullable Object value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | STRING -> name = in.readStringRequireUtf8();
                case 2 << 3 | STRING -> value = parameterValue();
                default -> skip(tag);
            }
        }
        in.popLimit(end);
        if (value == null) {
            return before;
        }
        Map<String, Object> after = new HashMap<>(before);
        after.put(name, value);
        return after;
    }

    private @Nullable Object parameterValue() throws IOException {
        int end = in.pushLimit(in.readRawVarint32());
        @Nullable Object value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | WireFormat.WIRETYPE_VARINT -> value = in.readBool();
                case 2 << 3 | WireFormat.WIRETYPE_VARINT -> value = in.readInt64();
                case 3 << 3 | STRING -> value = in.readStringRequireUtf8();
                case 4 << 3 | WireFormat.WIRETYPE_FIXED64 -> value = in.readDouble();
                case 5 << 3 | WireFormat.WIRETYPE_VARINT -> value = in.readUInt64();
                default -> skip(tag);
            }
        }
        in.popLimit(end);
        return value;
    }

    private Range range() throws IOException {
        int length = in.readRawVarint32();
        int offset = in.getTotalBytesRead();
        in.skipRawBytes(length);
        return new Range(offset, length);
    }

    private void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that never began");
        }
    }
}
