package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The native memory that one run needs beside its tensors: arrays of names and values, room for a shape, and the
 * runtime's run options. A session keeps some for one run after another.
 */
final class RunScratch {

    /** The most dimensions that a tensor may have. */
    static final int MAX_RANK = 64;

    private final OrtApi api;
    private final MemorySegment inputNames;
    private final MemorySegment inputValues;
    private final MemorySegment outputNames;
    private final MemorySegment outputValues;
    private final MemorySegment dims;
    private final MemorySegment out;
    private final long runOptions;
    private final @Nullable Shape[] inputShapes;
    private long run;
    private boolean running;
    private boolean terminated;

    /** @param arena the session's, as whose part this lives */
    RunScratch(OrtApi api, Arena arena, int inputs, int outputs) {
        this.api = api;
        this.inputNames = arena.allocate(JAVA_LONG, Math.max(1, inputs));
        this.inputValues = arena.allocate(JAVA_LONG, Math.max(1, inputs));
        this.outputNames = arena.allocate(JAVA_LONG, Math.max(1, outputs));
        this.outputValues = arena.allocate(JAVA_LONG, Math.max(1, outputs));
        this.dims = arena.allocate(JAVA_LONG, MAX_RANK);
        this.out = arena.allocate(JAVA_LONG);
        this.inputShapes = new Shape[inputs];
        api.call(OrtFunction.CREATE_RUN_OPTIONS, out.address());
        this.runOptions = OrtApi.read(out, 0);
        api.call(OrtFunction.RUN_OPTIONS_SET_RUN_LOG_SEVERITY_LEVEL, runOptions, OrtLog.WARNING);
    }

    MemorySegment inputNames() {
        return inputNames;
    }

    MemorySegment inputValues() {
        return inputValues;
    }

    MemorySegment outputNames() {
        return outputNames;
    }

    MemorySegment outputValues() {
        return outputValues;
    }

    MemorySegment dims() {
        return dims;
    }

    /** Where a function puts its one result. */
    MemorySegment out() {
        return out;
    }

    long runOptions() {
        return runOptions;
    }

    /** The shapes of this run's inputs by their place in the model; null for one that was left out. */
    @Nullable
    Shape[] inputShapes() {
        return inputShapes;
    }

    /** Begins a run; the number says which. */
    synchronized long begin() {
        running = true;
        return ++run;
    }

    /** Ends the run; it cannot be terminated any more, and a termination that came before is forgotten. */
    synchronized void end() {
        running = false;
        if (terminated) {
            terminated = false;
            api.call(OrtFunction.RUN_OPTIONS_UNSET_TERMINATE, runOptions);
        }
    }

    /** Makes this very run end at its next node, if it still goes on. */
    synchronized void terminate(long which) {
        if (which == run) {
            terminate();
        }
    }

    /** Makes the run that is going on, if any, end at its next node. */
    synchronized void terminate() {
        if (running) {
            terminated = true;
            api.call(OrtFunction.RUN_OPTIONS_SET_TERMINATE, runOptions);
        }
    }

    void free() {
        api.release(OrtFunction.RELEASE_RUN_OPTIONS, runOptions);
    }
}
