package dev.slipway.serving;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Cancellation;
import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.ResponseSink;
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
    private final CountDownLatch loadsEnded = new CountDownLatch(1);
    private final Claims loads = new Claims(loadsEnded::countDown);
    private final Set<Cancellation> loading = ConcurrentHashMap.newKeySet();
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
            ServingObserver observer,
            EventLoops loops) {
        this(
                config,
                engines,
                pool,
                observer,
                loops,
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
            EventLoops loops,
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
                loops,
                new ByteBudget(config.queueBytes().bytes()),
                new Claims(answered::countDown));
    }

    /** A server with every engine on the class path, for all cores of this machine. */
    public static LocalModelServer withEnginesOnClassPath(TensorPool pool, ServingObserver observer, EventLoops loops) {
        List<EngineProvider> engines = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return new LocalModelServer(
                ServingConfig.forCores(Runtime.getRuntime().availableProcessors()), engines, pool, observer, loops);
    }

    @Override
    public LoadedVersion load(VersionSource source) {
        if (!loads.tryClaim()) {
            throw new FailureException(shuttingDown());
        }
        Cancellation cancellation = new Cancellation();
        loading.add(cancellation);
        try {
            long began = shared.timer().nanoTime();
            ServedVersion version = open(source, cancellation);
            loaded.add(version);
            shared.observer()
                    .loaded(source.model(), source.version(), shared.timer().nanoTime() - began);
            return version;
        } finally {
            loading.remove(cancellation);
            loads.release();
        }
    }

    private ServedVersion open(VersionSource source, Cancellation cancellation) {
        Engine engine = engines.engine(source.manifest().format());
        Parallelism parallelism =
                Parallelism.of(source.settings(), shared.config().cores());
        Session session = Opening.open(
                engine,
                source,
                parallelism.apply(source.settings()),
                loads,
                cancellation,
                shared.timer(),
                shared.config().loadPatience());
        try {
            Contradiction.refuse(source.manifest().signature(), session.signature());
            return new ServedVersion(
                    source, session, engine.name() + " " + engine.version(), parallelism, shared, loaded::remove);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Failure shuttingDown() {
        return new Failure.NotReady("the server is shutting down");
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
                throw new FailureException(shuttingDown());
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
        return await(answered, patience.toNanos());
    }

    private static boolean await(CountDownLatch latch, long nanos) {
        try {
            return latch.await(nanos, TimeUnit.NANOSECONDS);
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
        loads.close();
        boolean drained = drain(patience);
        synchronized (publishing) {
            routes = Map.of();
        }
        loading.forEach(load -> load.cancel(shuttingDown()));
        long end = shared.timer().nanoTime() + ENDING.toNanos();
        boolean noLoads = await(loadsEnded, ENDING.toNanos());
        List<ServedVersion> leaving = List.copyOf(loaded);
        leaving.forEach(ServedVersion::retire);
        if (!drained) {
            leaving.forEach(version -> version.stop(shuttingDown()));
        }
        List<ServedVersion> stuck = leaving.stream()
                .filter(version -> !version.awaitUnloaded(
                        Duration.ofNanos(Math.max(0, end - shared.timer().nanoTime()))))
                .toList();
        if (stuck.isEmpty() && noLoads) {
            engines.close();
        } else {
            LOG.warn("{} versions still run or load; their engines are left open", stuck.size() + loads.count());
        }
        shared.dispatcher().close();
        shared.timer().close();
    }
}
