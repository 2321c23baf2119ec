package dev.slipway.deployment;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorPool;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.FolderArtifactStore;
import dev.slipway.registry.SqliteRegistry;
import dev.slipway.serving.EventLoops;
import dev.slipway.serving.LocalModelServer;
import dev.slipway.serving.ServingConfig;
import dev.slipway.serving.ServingObserver;
import dev.slipway.tasks.TaskForms;
import dev.slipway.testing.Tensors;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** A home with a real registry, artifact store, data plane and engine, whose steps a test can make fail. */
final class Yard implements AutoCloseable {

    static final ModelName MODEL = ModelName.of("times");

    private final Path folder;
    private final TensorPool pool;
    private final Executor background;
    private final SqliteRegistry file;
    private final LocalModelServer server;
    final Breakable breakable;
    final BreakableEngine engine;
    final Deployments deployments;

    Yard(Path folder, TensorPool pool) {
        this(folder, pool, Runnable::run, new Breakable());
    }

    /** @param background runs what nobody waits for */
    Yard(Path folder, TensorPool pool, Executor background, Breakable breakable) {
        this.folder = folder;
        this.pool = pool;
        this.background = background;
        this.breakable = breakable;
        Path home = folder.resolve("home");
        engine = new BreakableEngine(breakable);
        file = SqliteRegistry.open(home, InstantSource.system());
        server = new LocalModelServer(
                ServingConfig.forCores(2), List.of(engine), pool, ServingObserver.NONE, EventLoops.NONE);
        deployments = new Deployments(
                new BreakableRegistry(file, breakable),
                new BreakableArtifacts(
                        new FolderArtifactStore(home.resolve("artifacts"), InstantSource.system(), Duration.ZERO),
                        breakable),
                server,
                new PackageOpener(PackageOpener.Limits.DEFAULT),
                TaskForms.load(),
                home.resolve("scratch"),
                new Deployments.Surroundings(InstantSource.system(), System::nanoTime, background, true, 2));
        deployments.restore();
    }

    /** The same home after the process has died: nothing in memory survives. */
    Yard again() {
        close();
        return new Yard(folder, pool, background, new Breakable());
    }

    /** An ONNX file whose y is x times {@code factor}. */
    Path times(float factor) {
        return write(sources().resolve("times-" + factor), factor, "").resolve("times.onnx");
    }

    /** A package of such a model, with these checks in its {@code model.yaml}. */
    Path checked(String name, float factor, String checks) {
        return write(sources().resolve(name), factor, checks);
    }

    Path sources() {
        return folder.resolve("sources");
    }

    static Path write(Path folder, float factor, String yaml) {
        DeclaredShape rows = DeclaredShape.of(Dimension.of("batch"), Dimension.of(2));
        byte[] model = new OnnxModel()
                .input("x", DataType.FP32, rows)
                .output("y", DataType.FP32, rows)
                .initializer("factor", OnnxTensor.floats(Shape.SCALAR, factor))
                .node("Mul", List.of("x", "factor"), List.of("y"))
                .toBytes();
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("times.onnx"), model);
            if (!yaml.isEmpty()) {
                Files.writeString(folder.resolve("model.yaml"), yaml);
            }
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    DeployResult deploy(Path path) {
        return deployments.deploy(request(path));
    }

    DeployRequest request(Path path) {
        return DeployRequest.of(MODEL, path, "tester");
    }

    DeployResult deployTo(String alias, Path path) {
        return deployments.deploy(new DeployRequest(
                MODEL,
                path,
                String.valueOf(path.getFileName()),
                "tester",
                alias,
                true,
                true,
                DeployRequest.Known.NEWEST,
                _ -> {}));
    }

    /** What the model answers to 1: the factor of the version that serves. */
    float answer(ModelRef ref) {
        InferenceRequest request = new InferenceRequest(
                ref,
                "test",
                List.of(Tensors.floats(pool, "x", Shape.of(1, 2), 1, 1)),
                List.of(),
                null,
                Map.of(),
                null,
                new Cancellation());
        try (InferenceResponse response =
                server.infer(request).toCompletableFuture().join()) {
            return Tensors.floats(response.outputs().getFirst().tensor())[0];
        } catch (CompletionException e) {
            throw new FailureException(FailureException.of(e), e);
        }
    }

    float answer() {
        return answer(ModelRef.of(MODEL));
    }

    LocalModelServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
        file.close();
    }
}
