package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlabPoolTest {

    private static final long MEBIBYTE = 1 << 20;

    private final SlabPool pool = new SlabPool(16 * MEBIBYTE, 4 * MEBIBYTE);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void memoryIsAlignedAndAsLongAsTheTensor() {
        for (long bytes : new long[] {0, 1, 255, 256, 257, 70_000, MEBIBYTE, 3 * MEBIBYTE}) {
            try (TensorLease lease = pool.allocate(DataType.UINT8, Shape.of(bytes))) {
                assertThat(lease.tensor().data().byteSize()).isEqualTo(bytes);
                assertThat(lease.tensor().data().address() % 64).isZero();
            }
        }
    }

    @Test
    void memoryGivenBackIsUsedAgain() {
        TensorLease first = pool.allocate(DataType.FP32, Shape.of(100));
        long address = first.tensor().data().address();
        first.close();
        try (TensorLease second = pool.allocate(DataType.FP32, Shape.of(90))) {
            assertThat(second.tensor().data().address()).isEqualTo(address);
        }
    }

    @Test
    void leasesAndBytesAreCounted() {
        assertThat(pool.leases()).isZero();
        TensorLease lease = pool.allocate(DataType.FP64, Shape.of(1000));
        assertThat(pool.leases()).isOne();
        assertThat(pool.bytesInUse()).isBetween(8000L, 16_000L);
        lease.close();
        assertThat(pool.leases()).isZero();
        assertThat(pool.bytesInUse()).isZero();
    }

    @Test
    void moreThanTheLimitIsRefusedAndLeavesNothingBehind() {
        try (TensorLease lease = pool.allocate(DataType.UINT8, Shape.of(9 * MEBIBYTE))) {
            assertThat(lease.tensor().shape()).isEqualTo(Shape.of(9 * MEBIBYTE));
            long before = pool.bytesInUse();
            assertThatThrownBy(() -> pool.allocate(DataType.UINT8, Shape.of(9 * MEBIBYTE)))
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure()).isInstanceOf(Failure.Overloaded.class));
            assertThatThrownBy(() -> pool.allocate(DataType.FP64, Shape.of(1L << 50)))
                    .isInstanceOf(FailureException.class);
            assertThat(pool.bytesInUse()).isEqualTo(before);
        }
    }

    @Test
    void whatWouldNeverFitIsNotToldToComeAgain() {
        for (long bytes : new long[] {9L << 20, 1L << 50}) {
            assertThatThrownBy(() -> new SlabPool(8 << 20, 0).allocate(DataType.UINT8, Shape.of(bytes)))
                    .isInstanceOfSatisfying(
                            FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.TooLarge.class));
        }
    }

    @Test
    void smallSlabsBeyondWhatIsKeptAreMemoryOfTheirOwn() {
        try (SlabPool other = new SlabPool(64 << 20, MEBIBYTE)) {
            List<TensorLease> leases = new ArrayList<>();
            for (int i = 0; i < 3 * 1024; i++) {
                leases.add(other.allocate(DataType.INT32, Shape.of(256)));
                leases.getLast().tensor().data().set(ValueLayout.JAVA_INT_UNALIGNED, 0, i);
            }
            for (int i = 0; i < leases.size(); i++) {
                assertThat(leases.get(i).tensor().data().get(ValueLayout.JAVA_INT_UNALIGNED, 0))
                        .isEqualTo(i);
            }
            leases.forEach(TensorLease::close);
            assertThat(other.bytesInUse()).isZero();
        }
    }

    @Test
    void stringsAreKeptWithTheirLengths() {
        List<byte[]> elements =
                List.of("one".getBytes(StandardCharsets.UTF_8), new byte[0], new byte[] {0, (byte) 0xff, 0});
        try (TensorLease lease = pool.copyOfBytes(Shape.of(3), elements)) {
            for (int i = 0; i < 3; i++) {
                assertThat(lease.tensor().element(i).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(elements.get(i));
            }
        }
        assertThatThrownBy(() -> pool.copyOfBytes(Shape.of(2), elements)).hasMessageContaining("3 elements given");
    }

    @Test
    void adoptedMemoryIsReleasedOnce() {
        AtomicInteger released = new AtomicInteger();
        Tensor tensor;
        try (TensorLease own = pool.allocate(DataType.INT8, Shape.of(4))) {
            tensor = own.tensor();
            TensorLease adopted = pool.adopt(tensor, released::incrementAndGet);
            assertThat(pool.leases()).isEqualTo(2);
            adopted.close();
        }
        assertThat(released).hasValue(1);
    }

    @Test
    void aPoolWithALiveLeaseDoesNotClose() {
        SlabPool other = new SlabPool(MEBIBYTE, 0);
        TensorLease lease = other.allocate(DataType.BOOL, Shape.SCALAR);
        assertThatThrownBy(other::close).hasMessageContaining("1 tensor leases are still live");
        lease.close();
        other.close();
    }

    @Test
    void noTwoThreadsEverHoldTheSameMemory() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte mine = (byte) i;
                tasks.add(() -> undisturbed(mine));
            }
            for (Future<Boolean> undisturbed : threads.invokeAll(tasks)) {
                assertThat(undisturbed.get()).isTrue();
            }
        }
        assertThat(pool.bytesInUse()).isZero();
    }

    private boolean undisturbed(byte mine) {
        boolean undisturbed = true;
        for (int round = 0; round < 2000; round++) {
            try (TensorLease lease = pool.allocate(DataType.INT8, Shape.of(1 + round % 700))) {
                lease.tensor().data().fill(mine);
                Thread.onSpinWait();
                for (byte value : lease.tensor().data().toArray(ValueLayout.JAVA_BYTE)) {
                    undisturbed &= value == mine;
                }
            }
        }
        return undisturbed;
    }
}
