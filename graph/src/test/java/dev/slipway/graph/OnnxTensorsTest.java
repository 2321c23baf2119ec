package dev.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTensorsTest {

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    @TempDir
    Path folder;

    @Test
    void rawBytesAreTakenAsTheyAre() throws IOException {
        OnnxTensors.Content tensor = OnnxTensors.read(file(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 10);
            out.writeString(8, "x");
            out.writeByteArray(9, new byte[] {1, 2, 3, 4});
        }));
        assertThat(tensor.name()).isEqualTo("x");
        assertThat(tensor.dataType()).isEqualTo(DataType.FP16);
        assertThat(tensor.shape()).isEqualTo(Shape.of(2));
        assertThat(tensor.data().getShort(2)).isEqualTo((short) 0x0403);
    }

    @Test
    void floatsMayBePackedOrNot() throws IOException {
        OnnxTensors.Content packed = OnnxTensors.read(file(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 1);
            out.writeTag(4, 2);
            out.writeUInt32NoTag(8);
            out.writeFloatNoTag(1.5f);
            out.writeFloatNoTag(-2);
        }));
        OnnxTensors.Content single = OnnxTensors.read(file(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 1);
            out.writeFloat(4, 1.5f);
            out.writeFloat(4, -2);
        }));
        assertThat(packed.data()).isEqualTo(single.data());
        assertThat(packed.data().getFloat(4)).isEqualTo(-2);
    }

    @Test
    void smallTypesComeFromIntegerFields() throws IOException {
        OnnxTensors.Content tensor = OnnxTensors.read(file(out -> {
            out.writeInt64(1, 3);
            out.writeInt32(2, 3);
            out.writeInt32(5, -1);
            out.writeInt32(5, 0);
            out.writeInt32(5, 127);
        }));
        assertThat(tensor.dataType()).isEqualTo(DataType.INT8);
        assertThat(tensor.data().get(0)).isEqualTo((byte) -1);
        assertThat(tensor.data().get(2)).isEqualTo((byte) 127);
    }

    @Test
    void stringsKeepEveryByte() throws IOException {
        OnnxTensors.Content tensor = OnnxTensors.read(file(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 8);
            out.writeByteArray(6, new byte[] {'a', 0, (byte) 0xff});
            out.writeByteArray(6, new byte[0]);
        }));
        assertThat(tensor.strings())
                .containsExactly(ByteString.copyFrom(new byte[] {'a', 0, (byte) 0xff}), ByteString.EMPTY);
    }

    @Test
    void aScalarHasNoDimensions() throws IOException {
        OnnxTensors.Content tensor = OnnxTensors.read(file(out -> {
            out.writeInt32(2, 7);
            out.writeInt64(7, Long.MIN_VALUE);
        }));
        assertThat(tensor.shape()).isEqualTo(Shape.SCALAR);
        assertThat(tensor.data().getLong(0)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void elementsMustFillTheShape() throws IOException {
        Path file = file(out -> {
            out.writeInt64(1, 1L << 40);
            out.writeInt64(1, 1L << 40);
            out.writeInt32(2, 1);
        });
        assertThatThrownBy(() -> OnnxTensors.read(file)).isInstanceOf(FailureException.class);
        Path few = file(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 1);
            out.writeFloat(4, 1);
        });
        assertThatThrownBy(() -> OnnxTensors.read(few)).hasMessageContaining("needs 8 bytes or strings, 4 given");
    }

    @Test
    void typesWithoutANameInTheProtocolAreUnsupported() throws IOException {
        Path file = file(out -> out.writeInt32(2, 22));
        assertThatThrownBy(() -> OnnxTensors.read(file))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Unsupported.class));
    }

    private Path file(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return Files.write(Files.createTempFile(folder, "tensor", ".pb"), bytes.toByteArray());
    }
}
