package dev.slipway.serving;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.AnswerSink;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.core.spi.Session;
import dev.slipway.testing.FakeModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** An engine whose only model doubles numbers, and which remembers nothing of its runs, be they millions. */
record DoublingEngine(TensorPool pool) implements EngineProvider, Engine, Session {

    @Override
    public String name() {
        return "doubling";
    }

    @Override
    public Set<String> formats() {
        return Set.of("doubling");
    }

    @Override
    public Engine start(TensorPool own) {
        return this;
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Session open(Path model, Settings settings, Cancellation cancellation) {
        return this;
    }

    @Override
    public long memory(long fileBytes) {
        return 1;
    }

    @Override
    public Signature signature() {
        return FakeModel.DOUBLE.signature();
    }

    @Override
    public List<String> rowMixing() {
        return List.of();
    }

    @Override
    public boolean steady() {
        return true;
    }

    @Override
    public void run(List<NamedTensor> inputs, List<String> outputs, Cancellation cancellation, AnswerSink sink) {
        Failure reason = cancellation.reason();
        if (reason != null) {
            throw new FailureException(reason);
        }
        Tensor x = inputs.getFirst().tensor();
        TensorLease y = pool.allocate(DataType.FP32, x.shape());
        for (long i = 0; i < x.shape().elements(); i++) {
            float value = x.data().getAtIndex(JAVA_FLOAT_UNALIGNED, i);
            y.tensor().data().setAtIndex(JAVA_FLOAT_UNALIGNED, i, 2 * value);
        }
        sink.next(List.of(new NamedTensor("y", y)));
    }

    @Override
    public long memory() {
        return 1;
    }

    @Override
    public void close() {}
}
