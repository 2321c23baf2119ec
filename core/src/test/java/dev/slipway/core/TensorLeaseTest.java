package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TensorLeaseTest {

    private final AtomicInteger released = new AtomicInteger();
    private final Tensor tensor = Tensor.of(
            DataType.INT32, Shape.of(3, 2), Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4, 5, 6));

    @Test
    void theLastClaimReleasesOnce() {
        TensorLease lease = new TensorLease(tensor, released::incrementAndGet);
        lease.retain();
        lease.close();
        assertThat(released).hasValue(0);
        lease.close();
        assertThat(released).hasValue(1);
    }

    @Test
    void whatWasGivenBackCannotBeClaimedOrGivenBackAgain() {
        TensorLease lease = new TensorLease(tensor, released::incrementAndGet);
        lease.close();
        assertThatThrownBy(lease::retain).hasMessageContaining("already given back");
        assertThatThrownBy(lease::close).hasMessageContaining("more often than claimed");
        assertThat(released).hasValue(1);
    }

    @Test
    void aViewKeepsTheMemoryClaimed() {
        TensorLease lease = new TensorLease(tensor, released::incrementAndGet);
        TensorLease view = lease.view(tensor.rows(1, 2));
        lease.close();
        assertThat(released).hasValue(0);
        assertThat(view.tensor().shape()).isEqualTo(Shape.of(2, 2));
        assertThat(view.tensor().data().toArray(ValueLayout.JAVA_INT)).containsExactly(3, 4, 5, 6);
        view.close();
        assertThat(released).hasValue(1);
    }

    @Test
    void rowsAndOtherShapesAreTheSameMemory() {
        assertThat(tensor.rows(0, 0).data().byteSize()).isZero();
        assertThat(tensor.reshape(Shape.of(6)).data()).isEqualTo(tensor.data());
        assertThatThrownBy(() -> tensor.reshape(Shape.of(7))).hasMessageContaining("cannot be reshaped");
        assertThatThrownBy(() -> Tensor.of(DataType.INT32, Shape.of(4), tensor.data()))
                .hasMessageContaining("needs 16");
    }

    @Test
    void rowsOfStringsAreSentWithoutTheOthers() {
        try (SlabPool pool = new SlabPool(1 << 20, 0);
                TensorLease lease = pool.copyOfBytes(
                        Shape.of(3, 1), List.of(new byte[] {1}, new byte[] {2, 2}, new byte[] {3, 3, 3}))) {
            Tensor middle = lease.tensor().rows(1, 1);
            assertThat(middle.wire().toArray(ValueLayout.JAVA_BYTE)).containsExactly(2, 0, 0, 0, 2, 2);
            assertThat(middle.element(0).toArray(ValueLayout.JAVA_BYTE)).containsExactly(2, 2);
        }
    }
}
