package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.DataType;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run: values over the inputs, memory bound to the outputs whose shape is known, the call, and the outputs read.
 * Whatever happens, it leaves no value and no lease behind but those it returns.
 */
final class OnnxRun {

    private final NativeModel model;
    private final OrtApi api;
    private final RunScratch scratch;
    private final List<NamedTensor> inputs;
    private final GraphOutput[] asked;
    private final @Nullable TensorLease[] bound;
    private int inputCount;
    private int outputCount;

    /** @param inputs checked ones */
    OnnxRun(NativeModel model, RunScratch scratch, List<NamedTensor> inputs, int outputs) {
        this.model = model;
        this.api = model.api();
        this.scratch = scratch;
        this.inputs = inputs;
        this.asked = new GraphOutput[outputs];
        this.bound = new TensorLease[outputs];
    }

    List<NamedTensor> execute(Map<String, GraphInput> graphInputs, List<WantedOutput> wanted) {
        try {
            for (int i = 0; i < inputs.size(); i++) {
                NamedTensor input = inputs.get(i);
                GraphInput graphInput = graphInputs.get(input.name());
                scratch.inputNames().setAtIndex(JAVA_LONG, i, graphInput == null ? 0 : graphInput.name());
                scratch.inputValues().setAtIndex(JAVA_LONG, i, model.values().of(input.tensor(), scratch));
                inputCount++;
            }
            for (int i = 0; i < wanted.size(); i++) {
                ask(wanted.get(i).output());
            }
            call();
            return answers(wanted);
        } finally {
            release();
        }
    }

    private void ask(GraphOutput output) {
        if (slot(output) >= 0) {
            return;
        }
        int slot = outputCount;
        asked[slot] = output;
        scratch.outputNames().setAtIndex(JAVA_LONG, slot, output.name());
        scratch.outputValues().setAtIndex(JAVA_LONG, slot, 0);
        outputCount++;
        if (!output.bindable()) {
            return;
        }
        DataType type = output.declared().dataType();
        Shape shape = output.shape().from(scratch.inputShapes(), type);
        if (shape != null) {
            TensorLease lease = model.pool().allocate(type, shape);
            bound[slot] = lease;
            scratch.outputValues().setAtIndex(JAVA_LONG, slot, model.values().of(lease.tensor(), scratch));
        }
    }

    private int slot(GraphOutput output) {
        for (int slot = 0; slot < outputCount; slot++) {
            if (asked[slot] == output) {
                return slot;
            }
        }
        return -1;
    }

    private void call() {
        try {
            callOnce();
        } catch (OrtException e) {
            if (OrtFailures.overLimit(e)) {
                model.session().arena().shrink();
                callOnce();
            } else if (aboutShapes(e) && anyBound()) {
                callUnbound();
            } else {
                throw e;
            }
        }
    }

    private void callUnbound() {
        @Nullable Shape[] expected = unbind();
        callOnce();
        forget(expected);
    }

    private boolean anyBound() {
        for (int slot = 0; slot < outputCount; slot++) {
            if (bound[slot] != null) {
                return true;
            }
        }
        return false;
    }

    private void callOnce() {
        api.call(
                OrtFunction.RUN,
                model.session().handle(),
                scratch.runOptions(),
                scratch.inputNames().address(),
                scratch.inputValues().address(),
                inputCount,
                scratch.outputNames().address(),
                outputCount,
                scratch.outputValues().address());
    }

    private static boolean aboutShapes(OrtException e) {
        return e.says("shape");
    }

    private @Nullable Shape[] unbind() {
        @Nullable Shape[] shapes = new Shape[bound.length];
        for (int slot = 0; slot < outputCount; slot++) {
            TensorLease lease = bound[slot];
            if (lease != null) {
                shapes[slot] = lease.tensor().shape();
                releaseOutput(slot);
            }
        }
        return shapes;
    }

    /** The outputs whose shape was not as expected are never bound again. */
    private void forget(@Nullable Shape[] expected) {
        for (int slot = 0; slot < outputCount; slot++) {
            Shape shape = expected[slot];
            if (shape != null && !shape.equals(model.values().shape(value(slot), scratch))) {
                asked[slot].neverBind();
            }
        }
    }

    private List<NamedTensor> answers(List<WantedOutput> wanted) {
        List<NamedTensor> answers = new ArrayList<>(wanted.size());
        try {
            for (int i = 0; i < wanted.size(); i++) {
                WantedOutput output = wanted.get(i);
                answers.add(new NamedTensor(output.name(), answer(output)));
            }
            return answers;
        } catch (RuntimeException e) {
            NamedTensor.closeAll(answers);
            throw e;
        }
    }

    private TensorLease answer(WantedOutput wanted) {
        DeclaredValue declared = wanted.output().declared();
        int slot = slot(wanted.output());
        DataType keys = wanted.keys();
        if (keys != null) {
            return model.sequences().keys(value(slot), declared, keys, scratch);
        }
        if (declared.form() != DeclaredValue.Form.TENSOR) {
            return model.sequences().values(value(slot), declared, scratch);
        }
        TensorLease lease = bound[slot];
        if (lease != null) {
            bound[slot] = null;
            return lease;
        }
        return tensor(slot, declared.dataType());
    }

    private TensorLease tensor(int slot, DataType type) {
        long value = value(slot);
        if (type == DataType.BYTES) {
            return model.values().copy(value, type, scratch);
        }
        Shape shape = model.values().shape(value, scratch);
        MemorySegment data = model.values().data(value, type, shape, scratch);
        if (isInput(data)) {
            return model.values().copy(value, type, scratch);
        }
        scratch.outputValues().setAtIndex(JAVA_LONG, slot, 0);
        return model.values().adopt(value, type, shape, data);
    }

    /** Whether this is an input's memory, as it is when a graph passes an input through: that stays the caller's. */
    private boolean isInput(MemorySegment data) {
        for (int i = 0; i < inputs.size(); i++) {
            Tensor tensor = inputs.get(i).tensor();
            long offset = data.address() - tensor.data().address();
            if (offset >= 0 && offset < tensor.data().byteSize()) {
                return true;
            }
        }
        return false;
    }

    private long value(int slot) {
        return OrtApi.read(scratch.outputValues(), slot);
    }

    private void release() {
        for (int i = 0; i < inputCount; i++) {
            api.release(OrtFunction.RELEASE_VALUE, OrtApi.read(scratch.inputValues(), i));
        }
        for (int slot = 0; slot < outputCount; slot++) {
            releaseOutput(slot);
        }
    }

    private void releaseOutput(int slot) {
        api.release(OrtFunction.RELEASE_VALUE, value(slot));
        scratch.outputValues().setAtIndex(JAVA_LONG, slot, 0);
        TensorLease lease = bound[slot];
        if (lease != null) {
            bound[slot] = null;
            lease.close();
        }
    }
}
