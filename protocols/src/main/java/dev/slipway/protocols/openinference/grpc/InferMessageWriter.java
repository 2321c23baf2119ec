package dev.slipway.protocols.openinference.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@code ModelInferResponse} with raw contents: the small fields first, then each tensor once, copied into a small
 * message and left where it is by a large one.
 */
final class InferMessageWriter {

    private static final int SMALL = 8 << 10;
    private static final int LONGEST_RAW_HEAD = 6;
    private static final long LARGEST = Integer.MAX_VALUE - 64;

    private InferMessageWriter() {}

    /** The message of an answer, whose tensors it may be read from until it is written. */
    static Buffer write(InferenceResponse response) {
        try {
            byte[] head = head(response);
            long size = head.length;
            for (NamedTensor output : response.outputs()) {
                size += LONGEST_RAW_HEAD + output.tensor().wire().byteSize();
            }
            if (size > LARGEST) {
                throw new FailureException(new Failure.TooLarge("answer: " + size
                        + " bytes, a message of gRPC has at most " + LARGEST + "; ask for fewer rows or outputs"));
            }
            return size <= SMALL ? copied(head, response) : inPlace(head, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Buffer copied(byte[] head, InferenceResponse response) throws IOException {
        int size = head.length;
        for (NamedTensor output : response.outputs()) {
            int bytes = (int) output.tensor().wire().byteSize();
            size += 1 + CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes;
        }
        byte[] message = new byte[size];
        System.arraycopy(head, 0, message, 0, head.length);
        int at = head.length;
        for (NamedTensor output : response.outputs()) {
            MemorySegment tensor = output.tensor().wire();
            int bytes = (int) tensor.byteSize();
            CodedOutputStream out = CodedOutputStream.newInstance(message, at, size - at);
            rawHead(out, bytes);
            at += out.getTotalBytesWritten();
            MemorySegment.copy(tensor, ValueLayout.JAVA_BYTE, 0, message, at, bytes);
            at += bytes;
        }
        return Buffer.buffer(message);
    }

    private static Buffer inPlace(byte[] head, InferenceResponse response) throws IOException {
        List<MemorySegment> parts = new ArrayList<>(1 + 2 * response.outputs().size());
        parts.add(MemorySegment.ofArray(head));
        for (NamedTensor output : response.outputs()) {
            MemorySegment tensor = output.tensor().wire();
            byte[] before = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag((int) tensor.byteSize())];
            rawHead(CodedOutputStream.newInstance(before), (int) tensor.byteSize());
            parts.add(MemorySegment.ofArray(before));
            parts.add(tensor);
        }
        return NativeBuffers.of(parts);
    }

    private static void rawHead(CodedOutputStream out, int bytes) throws IOException {
        out.writeTag(6, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(bytes);
    }

    /** A {@code ModelStreamInferResponse} around a written response. */
    static Buffer stream(Buffer response, String error) {
        byte[] head = V2.ModelStreamInferResponse.newBuilder()
                .setErrorMessage(error)
                .build()
                .toByteArray();
        int length = response.length();
        Buffer message =
                Buffer.buffer(head.length + 6 + (length <= SMALL ? length : 0)).appendBytes(head);
        message.appendByte((byte) (2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED));
        for (int rest = length; ; rest >>>= 7) {
            if (rest < 0x80) {
                message.appendByte((byte) rest);
                return length <= SMALL ? message.appendBuffer(response) : NativeBuffers.joined(message, response);
            }
            message.appendByte((byte) (rest | 0x80));
        }
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
