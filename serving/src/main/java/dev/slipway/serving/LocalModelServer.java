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
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.EngineProvider;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private final Set<ServedVersion> versions = ConcurrentHashMap.newKeySet();
    private final Map<ModelName, Route> routes = new ConcurrentHashMap<>();

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
        ModelMemory memory = new ModelMemory(config.modelMemory(), config.retryAfter());
        this.shared = new Shared(
                config,
                pool,
                timer,
                observer,
                new Dispatcher(config.cores(), config.maxRuns()),
                loops,
                new ByteBudget(config.queueBytes().bytes()),
                new Claims(answered::countDown),
                memory,
                new Loads(config, timer, memory, observer),
                new AnswerCache(config.cacheMemory(), pool));
    }

    /** A server with every engine on the class path, for all cores of this machine. */
    public static LocalModelServer withEnginesOnClassPath(TensorPool pool, ServingObserver observer, EventLoops loops) {
        return withEnginesOnClassPath(
                ServingConfig.forCores(Runtime.getRuntime().availableProcessors()), pool, observer, loops);
    }

    /** A server with every engine on the class path. */
    public static LocalModelServer withEnginesOnClassPath(
            ServingConfig config, TensorPool pool, ServingObserver observer, EventLoops loops) {
        List<EngineProvider> engines = ServiceLoader.load(EngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return new LocalModelServer(config, engines, pool, observer, loops);
    }

    @Override
    public LoadedVersion load(VersionSource source) {
        ServedVersion version = version(source, _ -> {});
        Route route = routes.get(source.model());
        try {
            version.bring(new Seat.Wish(true, route == null ? Set.of() : route.targets()));
            return version;
        } catch (RuntimeException | Error e) {
            version.retire();
            throw e;
        }
    }

    @Override
    public LoadedVersion offer(VersionSource source, Consumer<LoadedVersion> trial) {
        return version(source, trial);
    }

    private ServedVersion version(VersionSource source, Consumer<LoadedVersion> trial) {
        if (shared.unanswered().closed()) {
            throw new FailureException(Loads.shuttingDown());
        }
        ServedVersion version =
                new ServedVersion(source, engines.engine(source.manifest().format()), shared, trial, this::gone);
        versions.add(version);
        return version;
    }

    @Override
    public void publish(Published published) {
        Route route = new Route(published);
        route.versions().forEach(ServedVersion::published);
        retire(routes.put(published.model(), route), route);
    }

    @Override
    public void withdraw(ModelName model) {
        retire(routes.remove(model), null);
    }

    private void retire(@Nullable Route before, @Nullable Route now) {
        if (before == null) {
            return;
        }
        before.versions().stream()
                .filter(version -> now == null || !now.versions().contains(version))
                .forEach(ServedVersion::retire);
        before.published().absent().forEach(number -> forget(before.published().model(), number));
    }

    private void gone(ServedVersion version) {
        versions.remove(version);
        if (!shared.unanswered().closed()) { // what a shutdown unloads is not removed
            forget(version.model(), version.version());
        }
    }

    /** Tells of a version that is not published, and that nothing of is left. */
    private void forget(ModelName model, long version) {
        Route route = routes.get(model);
        if ((route == null || !route.published().has(version))
                && versions.stream()
                        .noneMatch(
                                one -> one.version() == version && one.model().equals(model))) {
            shared.observer().removed(model, version);
        }
    }

    @Override
    public void infer(InferenceRequest request, ResponseSink sink) {
        try {
            send(request, sink);
        } catch (RuntimeException | Error e) {
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
                throw new FailureException(Loads.shuttingDown());
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
    public Optional<Published> published(ModelName model) {
        return Optional.ofNullable(routes.get(model)).map(Route::published);
    }

    @Override
    public TensorPool pool() {
        return shared.pool();
    }

    @Override
    public MemoryUse memory() {
        return shared.memory().use();
    }

    @Override
    public CacheUse cache() {
        return shared.answers().use();
    }

    /** Whether a version waits for room in memory. */
    boolean crowded() {
        return shared.memory().crowded();
    }

    @Override
    public long overdue() {
        return versions.stream().filter(ServedVersion::overdue).count();
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
        boolean drained = drain(patience);
        shared.memory().close(Loads.shuttingDown());
        shared.loads().close();
        routes.clear();
        long end = shared.timer().nanoTime() + ENDING.toNanos();
        boolean noLoads = shared.loads().awaitEnd(ENDING);
        List<ServedVersion> leaving = List.copyOf(versions);
        leaving.forEach(ServedVersion::retire);
        if (!drained) {
            leaving.forEach(version -> version.stop(Loads.shuttingDown()));
        }
        List<ServedVersion> stuck = leaving.stream()
                .filter(version -> !version.awaitUnloaded(
                        Duration.ofNanos(Math.max(0, end - shared.timer().nanoTime()))))
                .toList();
        if (stuck.isEmpty() && noLoads) {
            engines.close();
        } else {
            LOG.warn(
                    "{} versions still run or load; their engines are left open",
                    stuck.size() + shared.loads().count());
        }
        shared.dispatcher().close();
        shared.timer().close();
    }
}
