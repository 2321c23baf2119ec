package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.serving.ServingObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

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
            return Tags.of("model", model.toString(), "version", version == 0 ? "" : Long.toString(version));
        }
    }

    private record Request(String model, String version, String route, int code) {}

    private record Failed(Version version, String reason) {}

    /** The meters of one version. */
    private record Inference(Timer inference, Timer queue, DistributionSummary batch) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<Request, Timer> requests = new ConcurrentHashMap<>();
    private final Map<Version, Inference> inferences = new ConcurrentHashMap<>();
    private final Map<Failed, Counter> errors = new ConcurrentHashMap<>();
    private final Map<String, Counter> rejections = new ConcurrentHashMap<>();
    private final Map<Version, Gauge> loaded = new ConcurrentHashMap<>();

    public Metrics() {
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

    /** A request was answered, or its client has gone (code 499). */
    void request(String model, String version, String route, int code, long nanos) {
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
                        Integer.toString(request.code()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** The server refused a request before a model saw it. */
    void rejected(String reason) {
        rejections
                .computeIfAbsent(
                        reason,
                        given -> Counter.builder("slipway_rejected_total")
                                .description("Requests refused before any work was done")
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
        rejected(failure instanceof Failure.DeadlineExceeded ? "deadline" : "overload");
    }

    @Override
    public void loaded(ModelName model, long version, long nanos) {
        Version key = new Version(model, version);
        Timer.builder("slipway_model_load_seconds")
                .description("Time to load and warm up a version")
                .tags(key.tags())
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
        loaded.computeIfAbsent(
                key,
                given -> Gauge.builder("slipway_model_loaded", () -> 1)
                        .description("1 while a version is in memory")
                        .tags(given.tags())
                        .register(registry));
    }

    @Override
    public void unloaded(ModelName model, long version) {
        Gauge gauge = loaded.remove(new Version(model, version));
        if (gauge != null) {
            registry.remove(gauge);
        }
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
