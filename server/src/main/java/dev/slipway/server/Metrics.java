package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.serving.ServingObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What Prometheus reads: requests by route, inference by version, failures by reason. Meters are looked up once and
 * kept, so that a request costs a look-up in a map and a few additions.
 */
public final class Metrics implements ServingObserver, AutoCloseable {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private record Version(ModelName model, long version) {
        Tags tags() {
            return Metrics.tags(model.toString(), version == 0 ? "" : Long.toString(version));
        }
    }

    private record Request(String model, String version, String route, String code) {
        Tags of() {
            return tags(model, version);
        }
    }

    private record Failed(Version version, String reason) {}

    /** The meters of one version. */
    private record Inference(Timer inference, Timer queue, DistributionSummary batch) {}

    /** A version in memory, more than once while new settings replace it. */
    private record Loaded(Gauge gauge, int times) {
        Loaded plus(int more) {
            return new Loaded(gauge, times + more);
        }
    }

    /** Versions that are gone of which an answer may still be on its way to its client. */
    private static final int LATEST_GONE = 32;

    private final PrometheusMeterRegistry registry;
    private final Queue<Version> gone = new ArrayDeque<>();
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<Request, Timer> requests = new ConcurrentHashMap<>();
    private final Map<Version, Inference> inferences = new ConcurrentHashMap<>();
    private final Map<Version, Counter> hits = new ConcurrentHashMap<>();
    private final Map<Version, Counter> misses = new ConcurrentHashMap<>();
    private final Map<Failed, Counter> errors = new ConcurrentHashMap<>();
    private final Map<String, Counter> rejections = new ConcurrentHashMap<>();
    private final Map<Version, Loaded> loaded = new ConcurrentHashMap<>();

    public Metrics() {
        this(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    /** Metrics in a registry of the caller's, which is closed with them. */
    public Metrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Shows a number that somebody else keeps. */
    public <T> void gauge(String name, String description, T object, ToDoubleFunction<T> value) {
        Gauge.builder(name, object, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Shows what somebody else counts. */
    <T> void counter(String name, String description, T object, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, object, value).description(description).register(registry);
    }

    /**
     * A request was answered, or its client has gone.
     *
     * @param code of HTTP (499: the client has gone), or of a gRPC call its own, 0 to 16 (1: the client has gone)
     */
    void request(String model, String version, String route, String code, long nanos) {
        requests.computeIfAbsent(new Request(model, version, route, code), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Request request) {
        return Timer.builder("slipway_request_seconds")
                .description("Time from a request's headers to the last byte of its answer")
                .tags(
                        "model",
                        request.model(),
                        "version",
                        request.version(),
                        "route",
                        request.route(),
                        "code",
                        request.code())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /**
     * The server refused a request before a model saw it, or gave up on its client.
     *
     * @param reason the code of the failure, or {@code connections}, {@code slow-body} and {@code slow-reader}
     */
    void rejected(String reason) {
        rejections
                .computeIfAbsent(
                        reason,
                        given -> Counter.builder("slipway_rejected_total")
                                .description("Requests and connections that the server refused or gave up on")
                                .tag("reason", given)
                                .register(registry))
                .increment();
    }

    @Override
    public void answered(ModelName model, long version, InferenceResponse.Timing timing, long totalNanos) {
        Inference meters = inferences.computeIfAbsent(new Version(model, version), this::inference);
        meters.inference().record(timing.computeNanos(), TimeUnit.NANOSECONDS);
        meters.queue().record(timing.queueNanos(), TimeUnit.NANOSECONDS);
    }

    private Inference inference(Version version) {
        return new Inference(
                Timer.builder("slipway_inference_seconds")
                        .description("Time of a request in the engine")
                        .tags(version.tags())
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry),
                Timer.builder("slipway_queue_seconds")
                        .description("Time of a request before an instance took it")
                        .tags(version.tags())
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry),
                DistributionSummary.builder("slipway_batch_size")
                        .description("Rows of a run of the engine")
                        .tags(version.tags())
                        .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
                        .register(registry));
    }

    @Override
    public void ran(ModelName model, long version, long rows, long computeNanos) {
        inferences
                .computeIfAbsent(new Version(model, version), this::inference)
                .batch()
                .record((double) rows);
    }

    @Override
    public void cached(ModelName model, long version, boolean hit) {
        Version key = new Version(model, version);
        Counter counter = hit
                ? hits.computeIfAbsent(
                        key,
                        given -> counter(
                                given, "slipway_cache_hits_total", "Requests answered without a run of their own"))
                : misses.computeIfAbsent(
                        key,
                        given -> counter(
                                given,
                                "slipway_cache_misses_total",
                                "Requests not found among the answers that are kept"));
        counter.increment();
    }

    private Counter counter(Version version, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tags(version.tags())
                .register(registry);
    }

    @Override
    public void failed(ModelName model, long version, Failure failure) {
        errors.computeIfAbsent(new Failed(new Version(model, version), failure.code()), this::errorCounter)
                .increment();
    }

    private Counter errorCounter(Failed error) {
        return Counter.builder("slipway_errors_total")
                .description("Requests that a model did not answer, by the kind of failure")
                .tags(error.version().tags())
                .tag("reason", error.reason())
                .register(registry);
    }

    @Override
    public void refused(ModelName model, Failure failure) {
        rejected(failure.code());
    }

    @Override
    public void loaded(ModelName model, long version, long nanos) {
        Version key = new Version(model, version);
        synchronized (gone) {
            gone.remove(key); // its model has been removed and is there again
        }
        Timer.builder("slipway_model_load_seconds")
                .description("Time in which an engine opened a version")
                .tags(key.tags())
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
        loaded.compute(key, (_, held) -> held == null ? new Loaded(gauge(key), 1) : held.plus(1));
    }

    private Gauge gauge(Version version) {
        return Gauge.builder("slipway_model_loaded", () -> 1)
                .description("1 while a version is in memory")
                .tags(version.tags())
                .register(registry);
    }

    @Override
    public void unloaded(ModelName model, long version) {
        loaded.computeIfPresent(new Version(model, version), (_, held) -> {
            if (held.times() > 1) {
                return held.plus(-1);
            }
            registry.remove(held.gauge());
            return null;
        });
    }

    @Override
    public void removed(ModelName model, long version) {
        synchronized (gone) {
            gone.add(new Version(model, version));
            forget();
            if (gone.size() > LATEST_GONE) {
                gone.remove();
            }
        }
    }

    /** Removes the meters of versions that are gone: they would take memory, and room in every page, for ever. */
    private void forget() {
        Set<Tags> tags = gone.stream().map(Version::tags).collect(Collectors.toSet());
        inferences.keySet().removeAll(gone);
        hits.keySet().removeAll(gone);
        misses.keySet().removeAll(gone);
        errors.keySet().removeIf(error -> gone.contains(error.version()));
        requests.keySet().removeIf(request -> tags.contains(request.of()));
        for (Meter meter : registry.getMeters()) {
            String model = meter.getId().getTag("model");
            String version = meter.getId().getTag("version");
            if (model != null && version != null && tags.contains(tags(model, version))) {
                registry.remove(meter);
            }
        }
    }

    private static Tags tags(String model, String version) {
        return Tags.of("model", model, "version", version);
    }

    /** Everything in Prometheus' text form. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
