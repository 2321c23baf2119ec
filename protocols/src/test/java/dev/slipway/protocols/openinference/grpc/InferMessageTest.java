package dev.slipway.protocols.openinference.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import dev.slipway.core.DataType;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.testing.CountingPool;
import io.vertx.core.buffer.Buffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The wire form of ModelInfer, read and written by hand, against the generated classes. */
class InferMessageTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private static V2.ModelInferRequest.InferInputTensor.Builder input(DataType type, long... shape) {
        V2.ModelInferRequest.InferInputTensor.Builder input =
                V2.ModelInferRequest.InferInputTensor.newBuilder().setName("x").setDatatype(type.name());
        Arrays.stream(shape).forEach(input::addShape);
        return input;
    }

    private List<NamedTensor> inputs(V2.ModelInferRequest request) {
        return inputs(request.toByteArray());
    }

    private List<NamedTensor> inputs(byte[] message) {
        MemorySegment bytes = MemorySegment.ofArray(message);
        return new InferMessageTensors(InferMessageReader.read(bytes), bytes, pool).inputs();
    }

    private byte[] only(V2.ModelInferRequest request) {
        List<NamedTensor> inputs = inputs(request);
        assertThat(inputs).hasSize(1);
        byte[] bytes = inputs.getFirst().tensor().wire().toArray(ValueLayout.JAVA_BYTE);
        NamedTensor.closeAll(inputs);
        return bytes;
    }

    @Test
    void aMessageOfNothingButPartsIsRefused() {
        V2.ModelInferRequest.Builder tensors = V2.ModelInferRequest.newBuilder();
        V2.ModelInferRequest.Builder raw = V2.ModelInferRequest.newBuilder();
        V2.ModelInferRequest.Builder outputs = V2.ModelInferRequest.newBuilder();
        V2.ModelInferRequest.Builder parameters = V2.ModelInferRequest.newBuilder();
        for (int i = 0; i <= 10_000; i++) {
            tensors.addInputsBuilder();
            raw.addRawInputContents(ByteString.EMPTY);
            outputs.addOutputsBuilder();
            parameters.putParameters(
                    "p" + i, V2.InferParameter.newBuilder().setBoolParam(true).build());
        }
        long[] dimensions = new long[65];
        V2.ModelInferRequest.Builder shape =
                V2.ModelInferRequest.newBuilder().addInputs(input(DataType.FP32, dimensions));
        for (V2.ModelInferRequest.Builder one : List.of(tensors, raw, outputs, parameters, shape)) {
            assertThatThrownBy(() -> inputs(one.build()))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("a request may have");
        }
    }

    @Test
    void readsEveryField() {
        InferMessage message = InferMessageReader.read(MemorySegment.ofArray(V2.ModelInferRequest.newBuilder()
                .setModelName("iris")
                .setModelVersion("3")
                .setId("a-1")
                .putParameters(
                        "timeout",
                        V2.InferParameter.newBuilder().setInt64Param(7).build())
                .putParameters(
                        "who",
                        V2.InferParameter.newBuilder().setStringParam("me").build())
                .putParameters(
                        "share",
                        V2.InferParameter.newBuilder().setDoubleParam(0.5).build())
                .putParameters(
                        "yes", V2.InferParameter.newBuilder().setBoolParam(true).build())
                .addInputs(input(DataType.FP32, 1, 4))
                .addOutputs(V2.ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("y")
                        .putParameters(
                                "classification",
                                V2.InferParameter.newBuilder().setInt64Param(3).build()))
                .addRawInputContents(ByteString.copyFrom(new byte[16]))
                .build()
                .toByteArray()));

        assertThat(message.model()).isEqualTo("iris");
        assertThat(message.version()).isEqualTo("3");
        assertThat(message.id()).isEqualTo("a-1");
        assertThat(message.parameters()).isEqualTo(Map.of("timeout", 7L, "who", "me", "share", 0.5, "yes", true));
        assertThat(message.inputs()).singleElement().satisfies(input -> {
            assertThat(input.name()).isEqualTo("x");
            assertThat(input.shape()).containsExactly(1L, 4L);
        });
        assertThat(message.outputs())
                .singleElement()
                .satisfies(output -> assertThat(output.parameters()).containsEntry("classification", 3L));
        assertThat(message.raw())
                .singleElement()
                .satisfies(range -> assertThat(range.length()).isEqualTo(16));
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void takesRawContentsOfEveryTypeAsTheyAre(DataType type) {
        byte[] bytes = new byte[3 * type.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (type == DataType.BOOL ? i & 1 : 17 * i);
        }
        assertThat(only(V2.ModelInferRequest.newBuilder()
                        .addInputs(input(type, 3))
                        .addRawInputContents(ByteString.copyFrom(bytes))
                        .build()))
                .isEqualTo(bytes);
    }

    @Test
    void takesRawStrings() {
        byte[] wire = ByteBuffer.allocate(4 + 2 + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(2)
                .put("a\0".getBytes(StandardCharsets.UTF_8))
                .putInt(0)
                .array();
        assertThat(only(V2.ModelInferRequest.newBuilder()
                        .addInputs(input(DataType.BYTES, 2))
                        .addRawInputContents(ByteString.copyFrom(wire))
                        .build()))
                .isEqualTo(wire);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static V2.InferTensorContents.Builder contents() {
        return V2.InferTensorContents.newBuilder();
    }

    private byte[] typed(DataType type, V2.InferTensorContents.Builder contents, long... shape) {
        return only(V2.ModelInferRequest.newBuilder()
                .addInputs(input(type, shape).setContents(contents))
                .build());
    }

    @Test
    void takesTypedContents() {
        assertThat(typed(DataType.BOOL, contents().addBoolContents(true).addBoolContents(false), 2))
                .containsExactly(1, 0);
        assertThat(typed(DataType.INT8, contents().addIntContents(-128).addIntContents(127), 2))
                .containsExactly(-128, 127);
        assertThat(typed(DataType.INT16, contents().addIntContents(-32768), 1))
                .isEqualTo(little(2).putShort(Short.MIN_VALUE).array());
        assertThat(typed(DataType.INT32, contents().addIntContents(Integer.MIN_VALUE), 1))
                .isEqualTo(little(4).putInt(Integer.MIN_VALUE).array());
        assertThat(typed(DataType.INT64, contents().addInt64Contents(Long.MIN_VALUE), 1))
                .isEqualTo(little(8).putLong(Long.MIN_VALUE).array());
        assertThat(typed(DataType.UINT8, contents().addUintContents(255), 1)).containsExactly(255);
        assertThat(typed(DataType.UINT16, contents().addUintContents(65535), 1)).containsExactly(255, 255);
        assertThat(typed(DataType.UINT32, contents().addUintContents(-1), 1)).containsExactly(255, 255, 255, 255);
        assertThat(typed(DataType.UINT64, contents().addUint64Contents(-1), 1))
                .isEqualTo(little(8).putLong(-1).array());
        assertThat(typed(DataType.FP32, contents().addFp32Contents(-0f).addFp32Contents(Float.NaN), 2, 1))
                .isEqualTo(little(8).putFloat(-0f).putFloat(Float.NaN).array());
        assertThat(typed(DataType.FP64, contents().addFp64Contents(Math.PI), 1))
                .isEqualTo(little(8).putDouble(Math.PI).array());
        assertThat(typed(DataType.BYTES, contents().addBytesContents(ByteString.copyFromUtf8("né")), 1))
                .isEqualTo(little(7)
                        .putInt(3)
                        .put("né".getBytes(StandardCharsets.UTF_8))
                        .array());
    }

    private void refused(V2.ModelInferRequest.Builder request, String... words) {
        assertThatThrownBy(() -> inputs(request.build()))
                .isInstanceOf(FailureException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void saysWhatDoesNotAgree() {
        ByteString twelve = ByteString.copyFrom(new byte[12]);
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(input(DataType.FP32, 1, 4))
                        .addRawInputContents(twelve),
                "input 'x'",
                "12 bytes given",
                "FP32[1,4] needs 16");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(input(DataType.FP32, 3))
                        .addRawInputContents(twelve)
                        .addRawInputContents(twelve),
                "2 entries in raw_input_contents");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(
                                input(DataType.FP32, 3).setContents(contents().addFp32Contents(1)))
                        .addRawInputContents(twelve),
                "contents field must not be specified");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(
                                input(DataType.FP32, 3).setContents(contents().addFp32Contents(1))),
                "1 values given",
                "[3] needs 3");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(input(DataType.FP32, 1)
                                .setContents(contents().addFp32Contents(1).addFp32Contents(2))),
                "more than the 1 elements");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(
                                input(DataType.FP32, 1).setContents(contents().addFp64Contents(1))),
                "field 7",
                "FP32 belongs in field 6");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(
                                input(DataType.INT8, 1).setContents(contents().addIntContents(128))),
                "128 does not lie between -128 and 127");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(
                                input(DataType.FP16, 1).setContents(contents().addFp32Contents(1))),
                "FP16 has no typed contents");
        refused(
                V2.ModelInferRequest.newBuilder().addInputs(input(DataType.FP32, 1 << 30, 1 << 30, 1 << 30)),
                "more elements than a 64-bit number can count");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(input(DataType.FP32, Long.MAX_VALUE))
                        .addRawInputContents(twelve),
                "12 bytes given");
        refused(V2.ModelInferRequest.newBuilder().addInputs(input(DataType.FP32, -1)), "negative dimension -1");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(V2.ModelInferRequest.InferInputTensor.newBuilder()
                                .setDatatype("FP31")),
                "datatype 'FP31'");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(input(DataType.BYTES, 1))
                        .addRawInputContents(ByteString.copyFrom(new byte[] {9, 0, 0, 0, 1})),
                "element 0 claims 9 bytes, 1 are left");
        refused(
                V2.ModelInferRequest.newBuilder()
                        .addInputs(input(DataType.BYTES, 1L << 40))
                        .addRawInputContents(twelve),
                "too few");
    }

    @Test
    void aMessageCutAnywhereOrWithAnyByteChangedIsReadOrRefusedButNeverBreaks() {
        byte[] whole = V2.ModelInferRequest.newBuilder()
                .setModelName("iris")
                .putParameters(
                        "p", V2.InferParameter.newBuilder().setDoubleParam(2).build())
                .addInputs(input(DataType.INT64, 2)
                        .setContents(contents().addInt64Contents(5).addInt64Contents(-6)))
                .addOutputs(V2.ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                        .setName("y"))
                .build()
                .toByteArray();
        for (int cut = 0; cut < whole.length; cut++) {
            attempt(Arrays.copyOf(whole, cut));
        }
        for (int at = 0; at < whole.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[at] = (byte) value;
                attempt(changed);
            }
        }
    }

    private void attempt(byte[] message) {
        Throwable thrown = catchThrowable(() -> NamedTensor.closeAll(inputs(message)));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(FailureException.class);
        }
    }

    @Test
    void writesWhatTheGeneratedClassesRead() throws Exception {
        TensorLease numbers = pool.allocate(DataType.FP32, Shape.of(2, 1));
        numbers.tensor().data().setAtIndex(ValueLayout.JAVA_FLOAT, 0, 1.5f);
        numbers.tensor().data().setAtIndex(ValueLayout.JAVA_FLOAT, 1, -2f);
        TensorLease strings = pool.copyOfBytes(Shape.SCALAR, List.of("seven".getBytes(StandardCharsets.UTF_8)));
        TensorLease none = pool.allocate(DataType.INT64, Shape.of(0, 3));
        try (InferenceResponse response = new InferenceResponse(
                ModelName.of("iris"),
                3,
                "a-1",
                List.of(
                        new NamedTensor("y", numbers),
                        new NamedTensor("label", strings),
                        new NamedTensor("none", none)),
                Map.of("text", "t", "number", 4L, "flag", true, "share", 0.25),
                new InferenceResponse.Timing(1, 2, 2))) {
            V2.ModelInferResponse read = V2.ModelInferResponse.parseFrom(
                    InferMessageWriter.write(response).getBytes());

            assertThat(read.getModelName()).isEqualTo("iris");
            assertThat(read.getModelVersion()).isEqualTo("3");
            assertThat(read.getId()).isEqualTo("a-1");
            assertThat(read.getParametersMap().get("text").getStringParam()).isEqualTo("t");
            assertThat(read.getParametersMap().get("number").getInt64Param()).isEqualTo(4);
            assertThat(read.getParametersMap().get("flag").getBoolParam()).isTrue();
            assertThat(read.getParametersMap().get("share").getDoubleParam()).isEqualTo(0.25);
            assertThat(read.getOutputs(0).getShapeList()).containsExactly(2L, 1L);
            assertThat(read.getOutputs(1).getDatatype()).isEqualTo("BYTES");
            assertThat(read.getOutputs(1).getShapeList()).isEmpty();
            assertThat(read.getOutputs(2).getShapeList()).containsExactly(0L, 3L);
            assertThat(read.getRawOutputContents(0).toByteArray())
                    .isEqualTo(little(8).putFloat(1.5f).putFloat(-2f).array());
            assertThat(read.getRawOutputContents(1).toByteArray())
                    .isEqualTo(little(9)
                            .putInt(5)
                            .put("seven".getBytes(StandardCharsets.UTF_8))
                            .array());
            assertThat(read.getRawOutputContents(2).isEmpty()).isTrue();

            V2.ModelStreamInferResponse stream = V2.ModelStreamInferResponse.parseFrom(
                    InferMessageWriter.stream(InferMessageWriter.write(response), "oh")
                            .getBytes());
            assertThat(stream.getErrorMessage()).isEqualTo("oh");
            assertThat(stream.getInferResponse()).isEqualTo(read);
        }
    }

    @Test
    void aLargeTensorStaysWhereItIs() throws Exception {
        TensorLease large = pool.allocate(DataType.INT64, Shape.of(2_000));
        TensorLease small = pool.allocate(DataType.INT32, Shape.SCALAR);
        small.tensor().data().set(ValueLayout.JAVA_INT, 0, 7);
        try (InferenceResponse response = new InferenceResponse(
                ModelName.of("m"),
                1,
                "",
                List.of(new NamedTensor("large", large), new NamedTensor("small", small)),
                Map.of(),
                new InferenceResponse.Timing(1, 2, 2))) {
            Buffer message = InferMessageWriter.write(response);
            Buffer stream = InferMessageWriter.stream(message, "");
            large.tensor().data().setAtIndex(ValueLayout.JAVA_LONG, 1_999, 42);

            V2.ModelInferResponse read = V2.ModelInferResponse.parseFrom(message.getBytes());
            assertThat(read.getRawOutputContents(0).size()).isEqualTo(16_000);
            assertThat(read.getRawOutputContents(0).byteAt(15_992)).isEqualTo((byte) 42);
            assertThat(read.getRawOutputContents(1).byteAt(0)).isEqualTo((byte) 7);
            assertThat(V2.ModelStreamInferResponse.parseFrom(stream.getBytes()).getInferResponse())
                    .isEqualTo(read);
        }
    }
}
