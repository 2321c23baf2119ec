package dev.slipway.testing;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.AnswerSink;
import dev.slipway.core.spi.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A session of the {@link FakeEngine}. */
final class FakeSession implements Session {

    private final FakeModel model;
    private final FakeEngine engine;
    private final TensorPool pool;
    private final Set<Cancellation> active = new HashSet<>();
    private boolean closed;

    FakeSession(FakeModel model, FakeEngine engine, TensorPool pool) {
        this.model = model;
        this.engine = engine;
        this.pool = pool;
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public List<String> rowMixing() {
        return engine.rowMixing();
    }

    @Override
    public boolean steady() {
        return engine.steady();
    }

    @Override
    public void run(List<NamedTensor> inputs, List<String> outputs, Cancellation cancellation, AnswerSink sink) {
        Cancellation own = begin();
        Runnable cancel = () -> passOn(cancellation, own);
        cancellation.onCancel(cancel);
        try {
            Tensor input = check(inputs, outputs);
            engine.began(input.shape().dim(0));
            engine.gate().pass(own, engine.deaf());
            Failure reason = own.reason();
            if (reason != null) {
                throw new FailureException(reason);
            }
            answer(input, outputs, own, sink);
        } finally {
            cancellation.remove(cancel);
            end(own);
        }
    }

    private static void passOn(Cancellation from, Cancellation to) {
        Failure reason = from.reason();
        if (reason != null) {
            to.cancel(reason);
        }
    }

    private Cancellation begin() {
        Cancellation own = new Cancellation();
        synchronized (this) {
            if (closed) {
                throw new FailureException(new Failure.NotReady("the session is closed"));
            }
            active.add(own);
        }
        return own;
    }

    private synchronized void end(Cancellation own) {
        active.remove(own);
        if (closed && active.isEmpty()) {
            engine.freed();
        }
    }

    private Tensor check(List<NamedTensor> inputs, List<String> outputs) {
        if (inputs.size() != 1 || !inputs.getFirst().name().equals("x")) {
            throw bad("the model takes one input 'x', "
                    + inputs.stream().map(NamedTensor::name).toList() + " given");
        }
        Tensor input = inputs.getFirst().tensor();
        if (input.dataType() != DataType.FP32 || input.shape().rank() != 2) {
            throw bad("input 'x': " + input + " given, FP32[batch,width] expected");
        }
        for (String output : outputs) {
            if (!output.equals("y")) {
                throw bad("the model has no output '" + output + "', only 'y'");
            }
        }
        return input;
    }

    private static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }

    private void answer(Tensor input, List<String> outputs, Cancellation own, AnswerSink sink) {
        if (model != FakeModel.STREAM) {
            sink.next(outputs(input, outputs));
            return;
        }
        for (long row = 0; row < input.shape().dim(0); row++) {
            if (!demanded(sink)) {
                Failure reason = own.reason();
                throw new FailureException(reason == null ? new Failure.Cancelled("the run was cancelled") : reason);
            }
            sink.next(outputs(input.rows(row, 1), outputs));
        }
    }

    private static boolean demanded(AnswerSink sink) {
        try {
            return sink.awaitDemand();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<NamedTensor> outputs(Tensor input, List<String> names) {
        List<NamedTensor> answer = new ArrayList<>(names.size());
        for (String name : names) {
            TensorLease lease = pool.allocate(DataType.FP32, model.outputShape(input.shape()));
            model.fill(input, lease.tensor().data());
            answer.add(new NamedTensor(name, lease));
        }
        return answer;
    }

    @Override
    public long memory() {
        return engine.memory(0);
    }

    @Override
    public void close() {
        List<Cancellation> running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            running = List.copyOf(active);
            if (running.isEmpty()) {
                engine.freed();
            }
        }
        running.forEach(run -> run.cancel(new Failure.NotReady("the session was closed during the run")));
    }
}
