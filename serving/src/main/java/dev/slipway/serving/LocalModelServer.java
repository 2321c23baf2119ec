package dev.slipway.serving;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.ResponseSink;
import dev.slipway.core.Settings;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.core.spi.Session;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane in this process. */
public final class LocalModelServer implements ModelServer {

    private static final Logger LOG = LoggerFactory.getLogger(LocalModelServer.class);

    /** How long runs that were ended may take to notice, and sessions to give their memory back. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    private final Shared shared;
    private final Engines engines;
    private final DoubleSupplier chance;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final Set<ServedVersion> loaded = ConcurrentHashMap.newKeySet();
    private final Object publishing = new Object();

    /** What is published; never changed, only replaced, under {@code publishing}. */
    private volatile Map<ModelName, Route> routes = Map.of();

    /**
     * A server with these engines.
     *
     * @param pool where tensors come from; stays the caller's
     */
    public LocalModelServer(
            ServingConfig config,
            Collection<? extends EngineProvider> engines,
            TensorPool pool,
            ServingObserver observer) {
        this(
                config,
                engines,
                pool,
                observer,
                new SystemTimer(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * A server with time and chance of its own.
     *
     * @param timer closed with the server
     * @param chance numbers from 0 (inclusive) to 1 (exclusive), by which weights choose
     */
    public LocalModelServer(
            ServingConfig config,
            Collection<? extends EngineProvider> engines,
            TensorPool pool,
            ServingObserver observer,
            Timer timer,
            DoubleSupplier chance) {
        this.engines = new Engines(engines, pool);
        this.chance = chance;
        this.shared = new Shared(
                config,
                pool,
                timer,
                observer,
                new Dispatcher(config.cores(), config.maxRuns()),
                new ByteBudget(config.queueBytes().bytes()),
                new Claims(answered::countDown));
    }

    /** A server with every engine on the class path, for all cores of this machine. */
    public static LocalModelServer withEnginesOnClassPath(TensorPool pool, ServingObserver observer) {
        List<EngineProvider> engines = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return new LocalModelServer(
                ServingConfig.forCores(Runtime.getRuntime().availableProcessors()), engines, pool, observer);
    }

    @Override
    public LoadedVersion load(VersionSource source) {
        long began = shared.timer().nanoTime();
        Engine engine = engines.engine(source.manifest().format());
        Parallelism parallelism =
                Parallelism.of(source.settings(), shared.config().cores());
        Settings settings = parallelism.apply(source.settings());
        Session session = Opening.open(
                engine, source, settings, shared.timer(), shared.config().loadPatience());
        ServedVersion version;
        try {
            Contradiction.refuse(source.manifest().signature(), session.signature());
            version = new ServedVersion(
                    source, session, engine.name() + " " + engine.version(), parallelism, shared, loaded::remove);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        loaded.add(version);
        shared.observer()
                .loaded(source.model(), source.version(), shared.timer().nanoTime() - began);
        return version;
    }

    @Override
    public void publish(Published published) {
        Route route = new Route(published);
        route.versions().forEach(ServedVersion::published);
        Route before;
        synchronized (publishing) {
            Map<ModelName, Route> next = new HashMap<>(routes);
            before = next.put(published.model(), route);
            routes = next;
        }
        retire(before, route);
    }

    @Override
    public void withdraw(ModelName model) {
        Route before;
        synchronized (publishing) {
            Map<ModelName, Route> next = new HashMap<>(routes);
            before = next.remove(model);
            routes = next;
        }
        retire(before, null);
    }

    private static void retire(@Nullable Route before, @Nullable Route now) {
        if (before != null) {
            before.versions().stream()
                    .filter(version -> now == null || !now.versions().contains(version))
                    .forEach(ServedVersion::retire);
        }
    }

    @Override
    public void infer(InferenceRequest request, ResponseSink sink) {
        try {
            send(request, sink);
        } catch (RuntimeException e) {
            shared.refuse(request, sink, e);
        }
    }

    private void send(InferenceRequest request, ResponseSink sink) {
        ModelRef ref = request.model();
        Route tried = null;
        for (; ; ) {
            Route route = route(ref.model());
            ServedVersion version = route.choose(ref, request.routingKey(), chance);
            if (route == tried) {
                throw new FailureException(version.notReady());
            }
            if (accepted(request, sink, version, route.shadow(ref))) {
                return;
            }
            tried = route; // the version has left meanwhile: what took its place is published by now
        }
    }

    private boolean accepted(
            InferenceRequest request, ResponseSink sink, ServedVersion version, @Nullable ServedVersion shadowed) {
        InferenceRequest copy = shadowed == null ? null : shadowed.shadow().copy(request);
        if (shadowed == null || copy == null) {
            return version.accept(request, sink, false);
        }
        boolean accepted = false;
        try {
            accepted = version.accept(request, sink, false);
        } finally {
            if (accepted) {
                shadowed.shadow().send(copy);
            } else {
                shadowed.shadow().giveUp(copy);
            }
        }
        return accepted;
    }

    private Route route(ModelName model) {
        Route route = routes.get(model);
        if (route == null) {
            if (shared.unanswered().closed()) {
                throw new FailureException(new Failure.NotReady("the server is shutting down"));
            }
            throw new FailureException(Failure.ModelNotFound.of(model));
        }
        return route;
    }

    @Override
    public CompletionStage<InferenceResponse> infer(InferenceRequest request) {
        SingleAnswer sink = new SingleAnswer();
        infer(request, sink);
        return sink.answer();
    }

    @Override
    public LoadedVersion version(ModelRef ref) {
        return route(ref.model()).version(ref);
    }

    @Override
    public List<Published> published() {
        return routes.values().stream()
                .map(Route::published)
                .sorted(Comparator.comparing((Published one) -> one.model().project())
                        .thenComparing(one -> one.model().name()))
                .toList();
    }

    @Override
    public TensorPool pool() {
        return shared.pool();
    }

    @Override
    public long overdue() {
        return loaded.stream().filter(ServedVersion::overdue).count();
    }

    @Override
    public boolean drain(Duration patience) {
        shared.unanswered().close();
        try {
            return answered.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        close(shared.config().drainPatience());
    }

    /**
     * Answers what was accepted, ends what is not answered in time, and unloads.
     *
     * @param patience how long accepted requests may still take; all of it takes at most ten seconds more
     */
    public void close(Duration patience) {
        boolean drained = drain(patience);
        synchronized (publishing) {
            routes = Map.of();
        }
        List<ServedVersion> leaving = List.copyOf(loaded);
        leaving.forEach(ServedVersion::retire);
        if (!drained) {
            leaving.forEach(version -> version.stop(new Failure.NotReady("the server is shutting down")));
        }
        long end = shared.timer().nanoTime() + ENDING.toNanos();
        List<ServedVersion> stuck = leaving.stream()
                .filter(version -> !version.awaitUnloaded(
                        Duration.ofNanos(Math.max(0, end - shared.timer().nanoTime()))))
                .toList();
        if (stuck.isEmpty()) {
            engines.close();
        } else {
            LOG.warn("{} versions still run; their engines are left open", stuck.size());
        }
        shared.dispatcher().close();
        shared.timer().close();
    }
}
