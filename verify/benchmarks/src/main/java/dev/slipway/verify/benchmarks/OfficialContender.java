package dev.slipway.verify.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** The official Java binding: with tensors made once and outputs pinned, or as its examples use it. */
final class OfficialContender implements Contender {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final BenchmarkModel model;
    private final boolean pinned;
    private final FloatBuffer input;
    private final FloatBuffer output;
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private float answer;

    OfficialContender(BenchmarkModel model, boolean pinned) {
        this.model = model;
        this.pinned = pinned;
        this.input = direct(model.width());
        this.output = direct((int) model.outputShape().elements());
        for (int i = 0; i < model.width(); i++) {
            input.put(i, model.values().get(i));
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            this.session = environment.createSession(model.file().toString(), options);
            this.inputTensor = OnnxTensor.createTensor(
                    environment, input, model.inputShape().toArray());
            this.outputTensor = OnnxTensor.createTensor(
                    environment, output, model.outputShape().toArray());
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(4 * floats)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void run() {
        try {
            if (pinned) {
                session.run(Map.of(model.input(), inputTensor), Set.of(), Map.of(model.output(), outputTensor))
                        .close();
                answer = output.get(0);
                return;
            }
            try (OnnxTensor tensor = OnnxTensor.createTensor(
                            environment, input, model.inputShape().toArray());
                    OrtSession.Result result = session.run(Map.of(model.input(), tensor))) {
                answer = ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float answer() {
        return answer;
    }

    @Override
    public void close() {
        try {
            inputTensor.close();
            outputTensor.close();
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
