package dev.slipway.deployment;

import dev.slipway.core.Dimension;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.tasks.TaskForm.Decoded;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Measures runs in process: the 99th percentile must stay below what the package promises. */
final class LatencyCheck {

    private static final int WARM_UP = 20;
    private static final int MEASURED = 200;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final Manifest.Latency latency;
    private final LongSupplier nanoTime;

    LatencyCheck(Manifest.Latency latency, LongSupplier nanoTime) {
        this.latency = latency;
        this.nanoTime = nanoTime;
    }

    /** Takes one instance over and repeats it. */
    Examined run(Trial trial, Decoded sample) {
        List<NamedTensor> rows = repeat(trial, sample.inputs());
        try {
            long[] nanos = measure(trial, rows);
            Arrays.sort(nanos);
            double p99 = nanos[(int) Math.ceil(0.99 * nanos.length) - 1] / 1e6;
            boolean passed = p99 <= latency.p99Millis();
            String detail = String.format(
                    Locale.ROOT,
                    "p99 %.3f ms over %d runs of %d rows, at most %s ms wanted",
                    p99,
                    nanos.length,
                    latency.batch(),
                    latency.p99Millis());
            return new Examined(new DeployResult.Check("latency", passed, detail), List.of());
        } finally {
            NamedTensor.closeAll(rows);
        }
    }

    private long[] measure(Trial trial, List<NamedTensor> rows) {
        long[] nanos = new long[MEASURED];
        long begin = nanoTime.getAsLong();
        for (int i = -WARM_UP; i < MEASURED; i++) {
            long start = nanoTime.getAsLong();
            run(trial, rows);
            long end = nanoTime.getAsLong();
            if (i >= 0) {
                nanos[i] = end - start;
                if (end - begin > PATIENCE_NANOS) {
                    return Arrays.copyOf(nanos, i + 1);
                }
            }
        }
        return nanos;
    }

    private static void run(Trial trial, List<NamedTensor> rows) {
        trial.run(NamedTensor.retainAll(rows)).close();
    }

    private List<NamedTensor> repeat(Trial trial, List<NamedTensor> sample) {
        List<NamedTensor> repeated = new ArrayList<>();
        try {
            for (NamedTensor one : sample) {
                boolean rows = trial.loaded()
                        .signature()
                        .input(one.name())
                        .map(LatencyCheck::takesRows)
                        .orElse(false);
                int times = rows ? latency.batch() : 1;
                repeated.add(new NamedTensor(one.name(), repeat(one.tensor(), times, trial.pool())));
            }
            return repeated;
        } catch (RuntimeException e) {
            NamedTensor.closeAll(repeated);
            throw e;
        } finally {
            NamedTensor.closeAll(sample);
        }
    }

    /** Whether an input's first dimension may have any size. */
    static boolean takesRows(TensorSpec spec) {
        return spec.shape().ranked()
                && !spec.shape().dims().isEmpty()
                && spec.shape().dims().getFirst() instanceof Dimension.Dynamic;
    }

    private static TensorLease repeat(Tensor tensor, int times, TensorPool pool) {
        Shape shape = times == 1
                ? tensor.shape()
                : tensor.shape().withFirst(tensor.shape().dim(0) * times);
        if (tensor.dataType() == dev.slipway.core.DataType.BYTES) {
            List<byte[]> elements = new ArrayList<>();
            for (int time = 0; time < times; time++) {
                for (long i = 0; i < tensor.shape().elements(); i++) {
                    elements.add(tensor.element(i).toArray(ValueLayout.JAVA_BYTE));
                }
            }
            return pool.copyOfBytes(shape, elements);
        }
        TensorLease lease = pool.allocate(tensor.dataType(), shape);
        long bytes = tensor.data().byteSize();
        for (int time = 0; time < times; time++) {
            MemorySegment.copy(tensor.data(), 0, lease.tensor().data(), time * bytes, bytes);
        }
        return lease;
    }
}
