package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.protocols.openinference.wire.V2;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** Writes a {@code ModelInferResponse} with raw contents: the small fields first, then each tensor once. */
final class InferMessageWriter {

    private InferMessageWriter() {}

    static Buffer write(InferenceResponse response) {
        try {
            byte[] head = head(response);
            int size = head.length;
            for (NamedTensor output : response.outputs()) {
                int bytes = Math.toIntExact(output.tensor().wire().byteSize());
                size = Math.addExact(size, 1 + CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes);
            }
            byte[] message = new byte[size];
            System.arraycopy(head, 0, message, 0, head.length);
            int at = head.length;
            for (NamedTensor output : response.outputs()) {
                at = raw(output.tensor().wire(), message, at);
            }
            return Buffer.buffer(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A {@code ModelStreamInferResponse} around a written response. */
    static Buffer stream(Buffer response, String error) {
        byte[] head = V2.ModelStreamInferResponse.newBuilder()
                .setErrorMessage(error)
                .build()
                .toByteArray();
        int length = response.length();
        Buffer message = Buffer.buffer(head.length + 6 + length).appendBytes(head);
        message.appendByte((byte) (2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED));
        for (int rest = length; ; rest >>>= 7) {
            if (rest < 0x80) {
                message.appendByte((byte) rest);
                return message.appendBuffer(response);
            }
            message.appendByte((byte) (rest | 0x80));
        }
    }

    private static int raw(MemorySegment tensor, byte[] message, int at) throws IOException {
        int bytes = Math.toIntExact(tensor.byteSize());
        CodedOutputStream out = CodedOutputStream.newInstance(message, at, message.length - at);
        out.writeTag(6, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(bytes);
        int start = at + out.getTotalBytesWritten();
        MemorySegment.copy(tensor, ValueLayout.JAVA_BYTE, 0, message, start, bytes);
        return start + bytes;
    }

    private static byte[] head(InferenceResponse response) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, 128);
        string(out, 1, response.model().toString());
        string(out, 2, Long.toString(response.version()));
        string(out, 3, response.id());
        for (Map.Entry<String, Object> parameter : response.parameters().entrySet()) {
            message(out, 4, parameter(parameter.getKey(), parameter.getValue()));
        }
        for (NamedTensor output : response.outputs()) {
            message(out, 5, tensor(output.name(), output.tensor()));
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] tensor(String name, Tensor tensor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, 64);
        string(out, 1, name);
        string(out, 2, tensor.dataType().name());
        Shape shape = tensor.shape();
        if (shape.rank() > 0) {
            int size = 0;
            for (int axis = 0; axis < shape.rank(); axis++) {
                size += CodedOutputStream.computeInt64SizeNoTag(shape.dim(axis));
            }
            out.writeTag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(size);
            for (int axis = 0; axis < shape.rank(); axis++) {
                out.writeInt64NoTag(shape.dim(axis));
            }
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] parameter(String name, Object value) throws IOException {
        ByteArrayOutputStream choice = new ByteArrayOutputStream();
        CodedOutputStream inner = CodedOutputStream.newInstance(choice);
        switch (value) {
            case Boolean bool -> inner.writeBool(1, bool);
            case Long number -> inner.writeInt64(2, number);
            case Integer number -> inner.writeInt64(2, number);
            case Double number -> inner.writeDouble(4, number);
            default -> inner.writeString(3, value.toString());
        }
        inner.flush();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        string(out, 1, name);
        message(out, 2, choice.toByteArray());
        out.flush();
        return bytes.toByteArray();
    }

    private static void string(CodedOutputStream out, int field, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeString(field, value);
        }
    }

    private static void message(CodedOutputStream out, int field, byte[] message) throws IOException {
        out.writeByteArray(field, message);
    }
}
