package dev.slipway.serving;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataSize;
import dev.slipway.core.DataType;
import dev.slipway.core.Deadline;
import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.testing.FakeEngine;
import dev.slipway.testing.FakeModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A server on the fake engine, and short ways to say what a test does with it. */
final class ServingFixture implements AutoCloseable {

    static final ModelName MODEL = ModelName.of("m");

    final FakeEngine engine = new FakeEngine();
    final FakeTimer timer = new FakeTimer();
    final ToldObserver observer = new ToldObserver();
    final FakeLoop loop = new FakeLoop();
    final List<Double> chances = new ArrayList<>();
    final LocalModelServer server;
    private final TensorPool pool;
    private final Path folder;

    ServingFixture(TensorPool pool, Path folder) {
        this(pool, folder, config());
    }

    ServingFixture(TensorPool pool, Path folder, ServingConfig config) {
        this.pool = pool;
        this.folder = folder;
        this.server =
                new LocalModelServer(config, List.of(engine), pool, observer, loop, timer, () -> chances.removeFirst());
    }

    /** A server on the machine's own time. */
    ServingFixture(TensorPool pool, Path folder, ServingConfig config, Timer time) {
        this.pool = pool;
        this.folder = folder;
        this.server = new LocalModelServer(config, List.of(engine), pool, observer, EventLoops.NONE, time, () -> 0);
    }

    static ServingConfig config() {
        return new ServingConfig(
                1,
                4,
                DataSize.ofMebibytes(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                2,
                new DataSize(Long.MAX_VALUE),
                DataSize.ofMebibytes(1));
    }

    static Settings settings(int maxSize, int queueSize) {
        return Settings.DEFAULT
                .withBatching(new Settings.Batching(maxSize, Duration.ZERO, List.of()))
                .withQueue(QueueSettings.of(queueSize))
                .withParallelism(1, 1);
    }

    static Settings parallel(int instances, int threads) {
        return Settings.DEFAULT.withParallelism(instances, threads);
    }

    static Settings withDelay(Settings base, Duration delay, Integer... preferredSizes) {
        return base.withBatching(new Settings.Batching(base.batching().maxSize(), delay, List.of(preferredSizes)));
    }

    LoadedVersion load(FakeModel model, long version) {
        return load(model, version, settings(32, 1024), null);
    }

    LoadedVersion load(FakeModel model, long version, Settings settings, @Nullable Boolean batchable) {
        return load(MODEL, model, version, settings, batchable);
    }

    LoadedVersion load(ModelName name, FakeModel model, long version, Settings settings, @Nullable Boolean batchable) {
        return server.load(source(name, model, version, settings, batchable));
    }

    VersionSource source(
            ModelName name, FakeModel model, long version, Settings settings, @Nullable Boolean batchable) {
        Path own = folder.resolve(name.name() + "-" + version);
        try {
            Files.createDirectories(own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        model.write(own);
        return new VersionSource(name, version, own, model.manifest("fake", "model.fake", batchable), settings);
    }

    /** Publishes versions with an endpoint that sends everything to the last. */
    void publish(LoadedVersion... versions) {
        publish(Endpoint.of(versions[versions.length - 1].version()), Map.of(), versions);
    }

    void publish(Endpoint endpoint, Map<String, Long> aliases, LoadedVersion... versions) {
        TreeMap<Long, LoadedVersion> numbered = new TreeMap<>();
        for (LoadedVersion version : versions) {
            numbered.put(version.version(), version);
        }
        server.publish(new Published(versions[0].model(), endpoint, numbered, aliases));
    }

    NamedTensor rows(float... values) {
        return tensor("x", Shape.of(values.length, 1), values);
    }

    NamedTensor tensor(String name, Shape shape, float... values) {
        TensorLease lease = pool.allocate(DataType.FP32, shape);
        for (int i = 0; i < values.length; i++) {
            lease.tensor().data().setAtIndex(JAVA_FLOAT_UNALIGNED, i, values[i]);
        }
        return new NamedTensor(name, lease);
    }

    InferenceRequest request(float... rows) {
        return request(ModelRef.of(MODEL), rows(rows));
    }

    static InferenceRequest request(ModelRef ref, NamedTensor... inputs) {
        return request(ref, null, null, new Cancellation(), inputs);
    }

    static InferenceRequest request(
            ModelRef ref,
            @Nullable Deadline deadline,
            @Nullable String key,
            Cancellation cancellation,
            NamedTensor... inputs) {
        return new InferenceRequest(ref, "id", List.of(inputs), List.of(), deadline, Map.of(), key, cancellation);
    }

    CompletionStage<InferenceResponse> send(float... rows) {
        return server.infer(request(rows));
    }

    /** The numbers of the first output; gives the answer back. */
    static List<Float> numbers(CompletionStage<InferenceResponse> answer) {
        try (InferenceResponse response = await(answer)) {
            return numbers(response);
        }
    }

    static List<Float> numbers(InferenceResponse response) {
        List<Float> values = new ArrayList<>();
        var tensor = response.outputs().getFirst().tensor();
        for (long i = 0; i < tensor.shape().elements(); i++) {
            values.add(tensor.data().getAtIndex(JAVA_FLOAT_UNALIGNED, i));
        }
        return values;
    }

    static long version(CompletionStage<InferenceResponse> answer) {
        try (InferenceResponse response = await(answer)) {
            return response.version();
        }
    }

    static Failure failure(CompletionStage<InferenceResponse> answer) {
        try (InferenceResponse response = await(answer)) {
            throw new AssertionError("answered by version " + response.version() + ", expected a failure");
        } catch (CompletionException e) {
            return FailureException.of(e);
        }
    }

    static InferenceResponse await(CompletionStage<InferenceResponse> answer) {
        return answer.toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .handle((response, error) -> {
                    if (error instanceof TimeoutException) {
                        throw new AssertionError("no answer within 10 seconds");
                    }
                    if (error != null) {
                        throw new CompletionException(error);
                    }
                    return response;
                })
                .join();
    }

    @Override
    public void close() {
        engine.release();
        server.close();
    }
}
