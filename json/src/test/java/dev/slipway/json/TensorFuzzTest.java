package dev.slipway.json;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.DataType;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.SlabPool;
import dev.slipway.core.TensorLease;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class TensorFuzzTest {

    @FuzzTest
    void decodesATensorOrRefusesIt(byte[] text) {
        try (SlabPool pool = new SlabPool(1L << 30, 1L << 21);
                Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            for (DataType type : DataType.values()) {
                decode(segment, type, pool);
            }
        }
    }

    private static void decode(MemorySegment text, DataType type, SlabPool pool) {
        try {
            Shape shape;
            try (TensorLease inferred = new JsonReader(text).tensor("input 'x'", type, pool)) {
                shape = inferred.tensor().shape();
                if (!type.floating()) {
                    reread(inferred, type, pool);
                }
            }
            new JsonReader(text).tensor("input 'x'", type, shape, pool).close();
        } catch (FailureException e) {
            if (pool.leases() != 0) {
                throw new AssertionError(pool.leases() + " leases are live", e);
            }
        }
    }

    private static void reread(TensorLease lease, DataType type, SlabPool pool) {
        String written = new JsonWriter().nested(lease.tensor()).toString();
        byte[] bytes = written.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined();
                TensorLease again = new JsonReader(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes))
                        .tensor("input 'x'", type, lease.tensor().shape(), pool)) {
            if (lease.tensor().wire().mismatch(again.tensor().wire()) >= 0) {
                throw new AssertionError(written + " was read otherwise");
            }
        }
    }
}
