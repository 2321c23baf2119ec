package dev.slipway.server.kit;

import dev.slipway.core.ModelName;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.deployment.DeployResult;
import dev.slipway.deployment.Deployments;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.FolderArtifactStore;
import dev.slipway.registry.SqliteRegistry;
import dev.slipway.server.Metrics;
import dev.slipway.server.SlipwayServer;
import dev.slipway.server.VertxLoops;
import dev.slipway.server.config.Listen;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.server.spi.Dialect;
import dev.slipway.serving.LocalModelServer;
import dev.slipway.serving.ServingConfig;
import dev.slipway.tasks.TaskForms;
import dev.slipway.testing.onnx.OnnxModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;

/** A whole server on a free port over a pool that the test counts, with the real engine and a home of its own. */
public final class LiveServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path home;
    private final SqliteRegistry registry;
    private final LocalModelServer models;
    private final Deployments deployments;
    private final Metrics metrics;
    private final SlipwayServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private LiveServer(
            Path home,
            TensorPool pool,
            Collection<? extends EngineProvider> engines,
            UnaryOperator<ServerConfig> configure,
            List<Dialect> dialects)
            throws IOException {
        this.home = home;
        ServerConfig config = configure.apply(ServerConfig.of(home).with(new Listen("127.0.0.1", 0, -1, 2)));
        registry = SqliteRegistry.open(home, InstantSource.system());
        metrics = new Metrics();
        models = new LocalModelServer(ServingConfig.forCores(2), engines, pool, metrics, new VertxLoops());
        deployments = new Deployments(
                registry,
                new FolderArtifactStore(home.resolve("artifacts"), InstantSource.system(), FolderArtifactStore.GRACE),
                models,
                new PackageOpener(PackageOpener.Limits.DEFAULT),
                TaskForms.load(),
                home.resolve("scratch"));
        deployments.restore();
        server = new SlipwayServer(config, deployments, dialects, metrics, "test");
        server.start();
    }

    /** A server with the engines on the class path and the default configuration. */
    public static LiveServer start(Path home, TensorPool pool, Dialect... dialects) {
        return start(home, pool, UnaryOperator.identity(), dialects);
    }

    public static LiveServer start(
            Path home, TensorPool pool, UnaryOperator<ServerConfig> configure, Dialect... dialects) {
        List<EngineProvider> engines = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        try {
            return new LiveServer(home, pool, engines, configure, Arrays.asList(dialects));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Deployments deployments() {
        return deployments;
    }

    public SlipwayServer server() {
        return server;
    }

    public int port() {
        return server.port();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** What a metric shows, summed over its labels; 0 when it is not there. */
    public double metric(String name) {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Waits until a metric shows this; the server learns on its own threads what its clients do. */
    public void awaitMetric(String name, double value) {
        long begun = System.nanoTime();
        while (metric(name) != value) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new AssertionError(name + " is " + metric(name) + " and does not become " + value);
            }
            Thread.onSpinWait();
        }
    }

    public Metrics metrics() {
        return metrics;
    }

    /** Deploys a model put together in a test. */
    public DeployResult deploy(String name, OnnxModel model) {
        try {
            Path file = Files.createDirectories(home.resolve("models")).resolve(name + ".onnx");
            return deploy(name, model.write(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public DeployResult deploy(String name, Path path) {
        return deployments.deploy(DeployRequest.of(ModelName.of(name), path, "test"));
    }

    public HttpResponse<byte[]> get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    public HttpResponse<byte[]> post(String path, String body, String... headers) {
        return send(request(path, headers)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    public HttpResponse<byte[]> post(String path, byte[] body, String... headers) {
        return send(request(path, headers)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    public HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop(Duration.ofSeconds(5));
        models.drain(Duration.ofSeconds(5));
        models.close();
        metrics.close();
        registry.close();
    }
}
