package dev.slipway.engines.onnxruntime;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.spi.AnswerSink;
import dev.slipway.core.spi.Session;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A native session. Each run holds a claim on it, and it is freed when it is closed and the last claim has gone, so that
 * freeing can never meet a running call, which would end the process.
 */
final class OnnxSession implements Session {

    private final NativeModel model;
    private final Arena arena;
    private final Signature signature;
    private final List<String> rowMixing;
    private final boolean steady;
    private final Map<String, GraphInput> inputs;
    private final Map<String, WantedOutput> outputs;
    private final InputCheck check;
    private final Queue<RunScratch> idle = new ConcurrentLinkedQueue<>();
    private final List<RunScratch> all = new ArrayList<>();
    private final Claims runs;
    private volatile long lastMemory;

    /**
     * A session.
     *
     * @param arena what it keeps beside the native session, closed with it
     * @param freed runs when all is freed
     */
    OnnxSession(
            NativeModel model,
            Arena arena,
            Signature signature,
            List<String> rowMixing,
            boolean steady,
            Map<String, GraphInput> inputs,
            Map<String, WantedOutput> outputs,
            Runnable freed) {
        this.model = model;
        this.arena = arena;
        this.signature = signature;
        this.rowMixing = List.copyOf(rowMixing);
        this.steady = steady;
        this.inputs = inputs;
        this.outputs = outputs;
        this.check = new InputCheck(inputs);
        this.runs = new Claims(() -> free(freed));
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public List<String> rowMixing() {
        return rowMixing;
    }

    @Override
    public boolean steady() {
        return steady;
    }

    @Override
    public void run(List<NamedTensor> given, List<String> names, Cancellation cancellation, AnswerSink sink) {
        if (!runs.tryClaim()) {
            throw closed();
        }
        List<NamedTensor> answers;
        try {
            answers = run(given, names, cancellation);
        } finally {
            runs.release();
        }
        sink.next(answers);
    }

    private List<NamedTensor> run(List<NamedTensor> given, List<String> names, Cancellation cancellation) {
        List<WantedOutput> wanted = wanted(names);
        RunScratch scratch = scratch();
        try {
            check.check(given, scratch.inputShapes());
            return wanted.isEmpty() ? List.of() : run(given, wanted, cancellation, scratch);
        } finally {
            Arrays.fill(scratch.inputShapes(), null);
            idle.add(scratch);
        }
    }

    private List<NamedTensor> run(
            List<NamedTensor> given, List<WantedOutput> wanted, Cancellation cancellation, RunScratch scratch) {
        long run = scratch.begin();
        Runnable stop = () -> scratch.terminate(run);
        cancellation.onCancel(stop);
        try {
            if (runs.closed()) {
                throw closed();
            }
            Failure reason = cancellation.reason();
            if (reason != null) {
                throw new FailureException(reason);
            }
            return new OnnxRun(model, scratch, given, wanted.size()).execute(inputs, wanted);
        } catch (OrtException e) {
            throw failed(e, cancellation);
        } finally {
            cancellation.remove(stop);
            scratch.end();
        }
    }

    private FailureException failed(OrtException e, Cancellation cancellation) {
        if (e.says("terminate flag")) {
            Failure reason = cancellation.reason();
            if (reason != null) {
                return new FailureException(reason, e);
            }
            if (runs.closed()) {
                return new FailureException(new Failure.NotReady("the model was unloaded during the run"), e);
            }
        }
        long untaken = model.values().adopted();
        if (OrtFailures.overLimit(e) && untaken > 0) {
            return new FailureException(
                    new Failure.Overloaded(
                            "answers that callers have not taken yet (" + untaken
                                    + ") hold memory of the memory_limit of " + model.memoryLimit()
                                    + "; try again soon",
                            Duration.ofSeconds(1)),
                    e);
        }
        return OrtFailures.running(e, model.file(), model.memoryLimit());
    }

    private static FailureException closed() {
        return new FailureException(new Failure.NotReady("the model is unloaded"));
    }

    private List<WantedOutput> wanted(List<String> names) {
        List<WantedOutput> wanted = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            WantedOutput output = outputs.get(names.get(i));
            if (output == null) {
                throw new FailureException(Failure.BadInput.of("there is no output '" + names.get(i)
                        + "'; the model gives " + String.join(", ", outputs.keySet())));
            }
            if (wanted.contains(output)) {
                throw new FailureException(Failure.BadInput.of("output '" + names.get(i) + "' is asked for twice"));
            }
            wanted.add(output);
        }
        return wanted;
    }

    private RunScratch scratch() {
        RunScratch scratch = idle.poll();
        if (scratch == null) {
            scratch = new RunScratch(model.api(), arena, inputs.size(), outputs.size());
            synchronized (all) {
                all.add(scratch);
            }
        }
        return scratch;
    }

    @Override
    public long memory() {
        if (runs.tryClaim()) {
            try {
                lastMemory = model.memory();
            } finally {
                runs.release();
            }
        }
        return lastMemory;
    }

    @Override
    public void close() {
        runs.close();
        synchronized (all) {
            all.forEach(RunScratch::terminate);
        }
    }

    private void free(Runnable freed) {
        synchronized (all) {
            all.forEach(RunScratch::free);
            all.clear();
        }
        model.session().free();
        arena.close();
        freed.run();
    }
}
