package dev.slipway.verify.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.slipway.core.DataType;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.TensorLease;
import dev.slipway.embed.Model;
import dev.slipway.embed.Options;
import dev.slipway.embed.Slipway;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;

/** A request to the model server in this process, as a Java program makes it: tensors in, tensors out. */
final class EmbedContender implements Contender {

    private final BenchmarkModel described;
    private final Model model;
    private final MemorySegment values;
    private float answer;

    private EmbedContender(BenchmarkModel described, Model model) {
        this.described = described;
        this.model = model;
        float[] row = new float[described.width()];
        for (int i = 0; i < row.length; i++) {
            row[i] = described.values().get(i);
        }
        this.values = MemorySegment.ofArray(row);
    }

    /** Callers of one model in memory. */
    static Supplier<Contender> all(BenchmarkModel described, boolean batching) {
        Options options = batching ? Options.DEFAULT.withBatching() : Options.DEFAULT;
        Model model = Slipway.open(described.file(), options);
        return () -> new EmbedContender(described, model);
    }

    @Override
    public void run() {
        TensorLease input = model.pool().allocate(DataType.FP32, described.inputShape());
        input.tensor().data().copyFrom(values);
        try (InferenceResponse response = model.infer(List.of(new NamedTensor(described.input(), input)))) {
            answer = response.outputs().getFirst().tensor().data().get(JAVA_FLOAT_UNALIGNED, 0);
        }
    }

    @Override
    public float answer() {
        return answer;
    }

    @Override
    public void close() {
        model.close();
    }
}
