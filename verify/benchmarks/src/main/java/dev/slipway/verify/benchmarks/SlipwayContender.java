package dev.slipway.verify.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.SlabPool;
import dev.slipway.core.spi.AnswerSink;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.Session;
import dev.slipway.engines.onnxruntime.OnnxRuntimeProvider;
import java.util.List;

/** Our own session: checked inputs, outputs from the pool, given back after each run. */
final class SlipwayContender implements Contender, AnswerSink {

    private final SlabPool pool = new SlabPool(1L << 30, 1L << 26);
    private final Engine engine = new OnnxRuntimeProvider().start(pool);
    private final Session session;
    private final NamedTensor input;
    private final List<String> outputs;
    private final Cancellation cancellation = new Cancellation();
    private float answer;

    SlipwayContender(BenchmarkModel model) {
        this.session = engine.open(model.file(), Settings.DEFAULT, new Cancellation());
        this.input = new NamedTensor(model.input(), pool.allocate(DataType.FP32, model.inputShape()));
        for (int i = 0; i < model.width(); i++) {
            input.tensor()
                    .data()
                    .setAtIndex(JAVA_FLOAT_UNALIGNED, i, model.values().get(i));
        }
        this.outputs = List.of(model.output());
    }

    @Override
    public void run() {
        session.run(List.of(input), outputs, cancellation, this);
    }

    @Override
    public boolean awaitDemand() {
        return true;
    }

    @Override
    public void next(List<NamedTensor> answers) {
        answer = answers.getFirst().tensor().data().get(JAVA_FLOAT_UNALIGNED, 0);
        NamedTensor.closeAll(answers);
    }

    @Override
    public float answer() {
        return answer;
    }

    @Override
    public void close() {
        input.close();
        session.close();
        engine.close();
        pool.close();
    }
}
