package dev.slipway.engines.onnxruntime;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.Session;
import dev.slipway.graph.OnnxReader;
import dev.slipway.graph.RuntimeModel;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ONNX Runtime. */
final class OnnxRuntimeEngine implements Engine {

    private final OrtEnvironment environment;
    private final TensorPool pool;
    private final OnnxReader reader = new OnnxReader();
    private final FreedMemory freedMemory = new FreedMemory();

    OnnxRuntimeEngine(OrtEnvironment environment, TensorPool pool) {
        this.environment = environment;
        this.pool = pool;
    }

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public String version() {
        return environment.api().version();
    }

    @Override
    public Session open(Path model, Settings settings, Cancellation cancellation) {
        if (!Files.isRegularFile(model)) {
            throw new FailureException(
                    Failure.BadInput.of("model file '" + model.getFileName() + "' does not exist or is not a file"));
        }
        if (!environment.users().tryClaim()) {
            throw new FailureException(new Failure.NotReady("the engine is closed"));
        }
        try {
            RuntimeModel graph = reader.forRuntime(model);
            return open(
                    new SessionSetup(environment).open(model, graph, settings, cancellation), graph, model, settings);
        } catch (OrtException e) {
            environment.users().release();
            Failure reason = e.says("canceled due to user request") ? cancellation.reason() : null;
            throw reason == null
                    ? OrtFailures.opening(e, model, settings.memoryLimit())
                    : new FailureException(reason, e);
        } catch (RuntimeException | Error e) {
            environment.users().release();
            throw e;
        } finally {
            freedMemory.giveBack();
        }
    }

    /** Seen at the peak: 1.32 times 3 GiB in a file beside the model, 1.54 times 400 MB in the model's own. */
    @Override
    public long memory(long fileBytes) {
        return NativeModel.BESIDE_WEIGHTS + fileBytes / 5 * 8;
    }

    private Session open(OpenedSession session, RuntimeModel graph, Path model, Settings settings) {
        Arena arena = Arena.ofShared();
        try {
            TypeReader reader = new TypeReader(environment, session.handle(), arena);
            OrtValues values = new OrtValues(environment, pool);
            NativeModel nativeModel = new NativeModel(
                    environment,
                    pool,
                    session,
                    model,
                    settings.memoryLimit(),
                    values,
                    new SequenceReader(environment, values, pool));
            Map<String, GraphInput> inputs = inputs(reader, arena);
            List<TensorSpec> inputSpecs =
                    inputs.values().stream().map(GraphInput::spec).toList();
            List<TensorSpec> outputSpecs = new ArrayList<>();
            Map<String, WantedOutput> outputs = outputs(reader, arena, inputSpecs, outputSpecs);
            Signature signature = new Signature(inputSpecs, outputSpecs);
            return new OnnxSession(
                    nativeModel, arena, signature, graph.rowMixing(), graph.steady(), inputs, outputs, this::freed);
        } catch (RuntimeException | Error e) {
            session.free();
            arena.close();
            throw e;
        }
    }

    private static Map<String, GraphInput> inputs(TypeReader reader, Arena arena) {
        Map<String, GraphInput> inputs = new LinkedHashMap<>();
        for (TypeReader.Side side : List.of(TypeReader.Side.INPUT, TypeReader.Side.INITIALIZER)) {
            for (DeclaredValue declared : reader.read(side)) {
                TensorSpec spec = new TensorSpec(
                        declared.name(), declared.dataType(), declared.shape(), side == TypeReader.Side.INITIALIZER);
                long name = arena.allocateFrom(declared.name()).address();
                inputs.put(declared.name(), new GraphInput(inputs.size(), name, spec));
            }
        }
        return inputs;
    }

    private static Map<String, WantedOutput> outputs(
            TypeReader reader, Arena arena, List<TensorSpec> inputs, List<TensorSpec> specs) {
        Map<String, WantedOutput> outputs = new LinkedHashMap<>();
        for (DeclaredValue declared : reader.read(TypeReader.Side.OUTPUT)) {
            long name = arena.allocateFrom(declared.name()).address();
            GraphOutput output = new GraphOutput(name, declared, new OutputShape(declared.shape(), inputs));
            for (TensorSpec spec : GraphOutput.specs(declared)) {
                DataType keys = spec.name().equals(declared.name()) ? null : declared.keyType();
                if (outputs.put(spec.name(), new WantedOutput(spec.name(), output, keys)) != null) {
                    throw new FailureException(new Failure.Unsupported(
                            "output '" + spec.name() + "' would stand both for itself and for the keys of a map"));
                }
                specs.add(spec);
            }
        }
        return outputs;
    }

    private void freed() {
        freedMemory.giveBack();
        environment.users().release();
    }

    @Override
    public void close() {
        environment.close();
    }
}
