package dev.slipway.tasks;

import static dev.slipway.tasks.Forms.BATCH;
import static dev.slipway.tasks.Forms.dim;
import static dev.slipway.tasks.Forms.spec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.DataType;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.SlabPool;
import dev.slipway.core.Task;
import java.util.List;
import java.util.Map;

class FormsFuzzTest {

    private static final List<TaskForm> FORMS = List.of(
            form(Task.TENSORS, spec("x", DataType.FP32, BATCH, dim(2))),
            form(Task.TABULAR_CLASSIFICATION, spec("x", DataType.FP32, BATCH, dim(2))),
            form(Task.IMAGE_CLASSIFICATION, spec("x", DataType.FP32, BATCH, dim(1), dim(8), dim(8))));

    private static TaskForm form(Task task, dev.slipway.core.TensorSpec input) {
        return TaskForms.load()
                .create(Forms.manifest(
                        task,
                        List.of(),
                        task == Task.TABULAR_CLASSIFICATION ? List.of("a", "b") : List.of(),
                        new Signature(List.of(input), List.of(spec("y", DataType.FP32, BATCH, dim(3)))),
                        Map.of(),
                        Map.<String, Manifest.Output>of()));
    }

    @FuzzTest
    void decodesABodyOrRefusesIt(byte[] body) {
        try (SlabPool pool = new SlabPool(1L << 30, 1L << 21)) {
            for (TaskForm form : FORMS) {
                for (String type : List.of("application/json", "text/csv", "multipart/form-data")) {
                    decode(form, type, body, pool);
                }
            }
        }
    }

    private static void decode(TaskForm form, String type, byte[] body, SlabPool pool) {
        try {
            NamedTensor.closeAll(Forms.decode(form, type, "b", body, pool).inputs());
        } catch (FailureException e) {
            if (pool.leases() != 0) {
                throw new AssertionError(pool.leases() + " leases are live", e);
            }
        }
    }
}
