package dev.slipway.protocols.openinference;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Signature;
import dev.slipway.core.SlabPool;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bodies of V2 requests: JSON alone, or to the first line feed JSON and from there on raw bytes. */
class InferReaderFuzzTest {

    private static final Signature SIGNATURE = new Signature(
            List.of(
                    new TensorSpec("a", DataType.FP32, DeclaredShape.of(Dimension.of("rows"), Dimension.of(2))),
                    new TensorSpec("s", DataType.BYTES, DeclaredShape.of(Dimension.of("rows"))),
                    new TensorSpec(
                            "n", DataType.INT64, DeclaredShape.of(Dimension.of("any"), Dimension.of("n")), true)),
            List.of(new TensorSpec("y", DataType.FP32, DeclaredShape.of(Dimension.of("rows")))));

    private static final Signature SINGLE = new Signature(SIGNATURE.inputs().subList(0, 1), SIGNATURE.outputs());

    @FuzzTest
    void readsARequestOrRefusesIt(byte[] body) {
        long lineFeed = new String(body, StandardCharsets.ISO_8859_1).indexOf('\n');
        try (SlabPool pool = new SlabPool(1L << 30, 1L << 21)) {
            attempt(body, lineFeed, new InputCheck("m", lineFeed == 0 ? SINGLE : SIGNATURE, true), pool);
            if (pool.leases() != 0) {
                throw new AssertionError(pool.leases() + " leases are live");
            }
        }
    }

    private static void attempt(byte[] body, long headerLength, InputCheck check, SlabPool pool) {
        InferReader.Context context =
                new InferReader.Context(ModelRef.of(ModelName.of("m")), "r", null, null, new Cancellation());
        try (TensorLease lease = pool.allocate(DataType.UINT8, Shape.of(body.length))) {
            MemorySegment.copy(MemorySegment.ofArray(body), 0, lease.tensor().data(), 0, body.length);
            InferCall call = new InferReader(context, check, lease, pool).read(headerLength);
            for (NamedTensor input : call.request().inputs()) {
                DataType type = input.tensor().dataType();
                if (check.signature().input(input.name()).orElseThrow().dataType() != type) {
                    throw new AssertionError(input.name() + " is " + type);
                }
            }
            NamedTensor.closeAll(call.request().inputs());
        } catch (FailureException e) {
            if (e.failure().detail().isEmpty()) {
                throw new AssertionError("refused without a word", e);
            }
        }
    }
}
