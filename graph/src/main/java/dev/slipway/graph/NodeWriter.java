package dev.slipway.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes nodes as messages of {@code onnx.proto}. */
final class NodeWriter {

    private static final int INT = 2;
    private static final int TENSOR = 4;

    private NodeWriter() {}

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    /** A node of ONNX's own domain with one output. */
    static ByteString node(String operator, List<String> inputs, String output) {
        return message(out -> {
            for (String input : inputs) {
                out.writeString(1, input);
            }
            out.writeString(2, output);
            out.writeString(3, output);
            out.writeString(4, operator);
        });
    }

    /** A {@code Cast} to an element type. */
    static ByteString cast(String input, ElementType to, String output) {
        return node("Cast", List.of(input), output).concat(attribute("to", INT, out -> out.writeInt64(3, to.number())));
    }

    /** A {@code Constant} that is one INT32 or INT64. */
    static ByteString constant(long value, ElementType type, String output) {
        ByteString tensor = message(out -> {
            out.writeInt32(2, type.number());
            if (type == ElementType.INT32) {
                out.writeInt32(5, (int) value);
            } else {
                out.writeInt64(7, value);
            }
        });
        return node("Constant", List.of(), output).concat(attribute("value", TENSOR, out -> out.writeBytes(5, tensor)));
    }

    private static ByteString attribute(String name, int type, Fields value) {
        ByteString attribute = message(out -> {
            out.writeString(1, name);
            value.write(out);
            out.writeInt32(20, type);
        });
        return message(out -> out.writeBytes(5, attribute));
    }

    private static ByteString message(Fields fields) {
        ByteString.Output bytes = ByteString.newOutput();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteString();
    }
}
