package dev.slipway.protocols.openinference.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.SlabPool;
import dev.slipway.protocols.openinference.wire.V2;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** Messages that ask for an inference, read as the generated classes read them, or refused. */
class InferMessageFuzzTest {

    private static final int MOST_DIMENSIONS = 64;

    @FuzzTest
    void readsAMessageOrRefusesIt(byte[] bytes) {
        try (SlabPool pool = new SlabPool(1L << 30, 1L << 21)) {
            attempt(MemorySegment.ofArray(bytes), pool);
            if (pool.leases() != 0) {
                throw new AssertionError(pool.leases() + " leases are live");
            }
        }
        agree(bytes);
    }

    private static void attempt(MemorySegment bytes, SlabPool pool) {
        try {
            InferMessage message = InferMessageReader.read(bytes);
            List<NamedTensor> inputs = new InferMessageTensors(message, bytes, pool).inputs();
            NamedTensor.closeAll(inputs);
        } catch (FailureException e) {
            if (e.failure().detail().isEmpty()) {
                throw new AssertionError("refused without a word", e);
            }
        }
    }

    /** What the generated classes take of any bytes, written by them, is read as they read it. */
    private static void agree(byte[] given) {
        V2.ModelInferRequest expected;
        try {
            expected = V2.ModelInferRequest.parseFrom(given);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        if (expected.getInputsList().stream().anyMatch(input -> input.getShapeCount() > MOST_DIMENSIONS)) {
            return;
        }
        byte[] bytes = expected.toByteArray();
        InferMessage message = InferMessageReader.read(MemorySegment.ofArray(bytes));
        assertThat(message.model()).isEqualTo(expected.getModelName());
        assertThat(message.version()).isEqualTo(expected.getModelVersion());
        assertThat(message.id()).isEqualTo(expected.getId());
        assertThat(message.inputs().stream().map(InferMessage.Input::name))
                .containsExactlyElementsOf(expected.getInputsList().stream()
                        .map(V2.ModelInferRequest.InferInputTensor::getName)
                        .toList());
        assertThat(message.inputs().stream().map(InferMessage.Input::shape))
                .containsExactlyElementsOf(expected.getInputsList().stream()
                        .map(V2.ModelInferRequest.InferInputTensor::getShapeList)
                        .toList());
        assertThat(message.outputs().stream().map(InferMessage.Output::name))
                .containsExactlyElementsOf(expected.getOutputsList().stream()
                        .map(V2.ModelInferRequest.InferRequestedOutputTensor::getName)
                        .toList());
        for (int i = 0; i < expected.getRawInputContentsCount(); i++) {
            InferMessage.Range range = message.raw().get(i);
            assertThat(ByteBuffer.wrap(bytes, range.offset(), range.length()))
                    .isEqualTo(expected.getRawInputContents(i).asReadOnlyByteBuffer());
        }
    }
}
