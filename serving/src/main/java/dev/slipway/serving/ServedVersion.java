package dev.slipway.serving;

import dev.slipway.core.Claims;
import dev.slipway.core.Deadline;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.ResponseSink;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Session;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version in memory: its session, its queue and its place among the others. */
final class ServedVersion implements LoadedVersion, Dispatcher.Work {

    private static final Logger LOG = LoggerFactory.getLogger(ServedVersion.class);

    private final VersionSource source;
    private final Session session;
    private final String engine;
    private final Shared shared;
    private final Consumer<ServedVersion> whenUnloaded;
    private final Rows rows;
    private final RequestCheck check;
    private final Shadow shadow;
    private final RequestQueue queue;
    private final Dispatcher.Lane lane;
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private final RunCost cost;
    private final Visits visits = new Visits();
    private final CountDownLatch unloaded = new CountDownLatch(1);
    private final Claims claims = new Claims(this::allLeft);
    private volatile VersionState state = VersionState.READY;
    private volatile Batchability batchability;
    private volatile VersionCounters counters;
    private volatile boolean published;
    private volatile boolean overdue;
    private volatile Timer.@Nullable Alarm overdueWatch;
    private long delayedUntil = Long.MIN_VALUE;

    ServedVersion(
            VersionSource source,
            Session session,
            String engine,
            Parallelism parallelism,
            Shared shared,
            Consumer<ServedVersion> whenUnloaded) {
        this.source = source;
        this.session = session;
        this.engine = engine;
        this.shared = shared;
        this.whenUnloaded = whenUnloaded;
        this.rows = new Rows(signature());
        this.check = new RequestCheck(source.model(), signature());
        this.shadow = new Shadow(this, shared.config().shadowRequests());
        this.queue = new RequestQueue(source.settings().queueSize(), shared.waiting());
        this.lane = new Dispatcher.Lane(this, parallelism.instances(), parallelism.threads());
        this.cost = new RunCost(session.steady());
        this.counters = new VersionCounters(source.settings().batching().maxSize());
        this.batchability = Probe.before(source, rows, session.rowMixing());
    }

    @Override
    public ModelName model() {
        return source.model();
    }

    @Override
    public long version() {
        return source.version();
    }

    @Override
    public Manifest manifest() {
        return source.manifest();
    }

    @Override
    public Signature signature() {
        return source.manifest().signature();
    }

    @Override
    public Settings settings() {
        return source.settings();
    }

    @Override
    public Batchability batchability() {
        return batchability;
    }

    @Override
    public VersionState state() {
        return state;
    }

    @Override
    public String engine() {
        return engine;
    }

    @Override
    public VersionStatistics statistics() {
        return counters.statistics(queue.size(), runs.size());
    }

    /** Begins to count: what was asked before was asked to try it out. */
    void published() {
        if (!published) {
            counters = new VersionCounters(settings().batching().maxSize());
            published = true;
        }
    }

    Session session() {
        return session;
    }

    /** Copies for this version while it is somebody's shadow. */
    Shadow shadow() {
        return shadow;
    }

    RequestQueue queue() {
        return queue;
    }

    Set<Run> runs() {
        return runs;
    }

    TensorPool pool() {
        return shared.pool();
    }

    long now() {
        return shared.timer().nanoTime();
    }

    @Override
    public CompletionStage<InferenceResponse> infer(InferenceRequest request) {
        SingleAnswer sink = new SingleAnswer();
        try {
            if (!accept(request, sink, false)) {
                throw new FailureException(notReady());
            }
        } catch (RuntimeException e) {
            shared.refuse(request, sink, e);
        }
        return sink.answer();
    }

    /**
     * Takes a request over, or leaves it to the caller.
     *
     * @return false when this version takes no more requests
     * @throws FailureException why the request is refused
     */
    boolean accept(InferenceRequest request, ResponseSink sink, boolean shadow) {
        if (!claims.tryClaim()) {
            return false;
        }
        if (!shared.unanswered().tryClaim()) {
            claims.release();
            throw new FailureException(new Failure.NotReady("the server is shutting down"));
        }
        Call call;
        boolean visited;
        try {
            call = new Call(this, admit(request, shadow), new Reply(sink));
            visited = asksForVisit(call);
            enqueue(call);
        } catch (RuntimeException e) {
            shared.unanswered().release();
            claims.release();
            throw e;
        }
        call.watch(shared.timer());
        if (!visited) {
            shared.dispatcher().wake(lane);
        }
        return true;
    }

    /** Whether the event loop that has read a call will come for it; asked before others can see the call. */
    private boolean asksForVisit(Call call) {
        Executor loop = brief(call.bytes()) ? shared.loops().current() : null;
        if (loop != null) {
            visits.ask(loop, () -> shared.dispatcher().visit(lane));
        }
        return loop != null;
    }

    boolean brief(long bytes) {
        return cost.brief(bytes, now());
    }

    @Override
    public boolean visited() {
        return visits.expected();
    }

    private Admission admit(InferenceRequest request, boolean shadow) {
        List<NamedTensor> inputs = check.inputs(request);
        List<String> outputs = check.outputs(request);
        long now = now();
        long deadline = now + settings().timeout().toNanos();
        Deadline own = request.deadline();
        if (own != null && own.nanoTime() - deadline < 0) {
            deadline = own.nanoTime();
        }
        long count = rows.of(inputs);
        counters.came(shared.timer().currentTimeMillis());
        return new Admission(request, inputs, outputs, Math.max(1, count), count > 0, now, deadline, shadow);
    }

    private void enqueue(Call call) {
        switch (queue.offer(call)) {
            case ACCEPTED -> {}
            case QUEUE_FULL ->
                throw refusal(settings().queueSize() + " requests wait for model '" + model() + "' version " + version()
                        + ", the most that queue_size allows");
            case BYTES_FULL ->
                throw refusal("the inputs of waiting requests hold "
                        + shared.waiting().held() + " of " + shared.waiting().limit() + " bytes, " + call.bytes()
                        + " more would be too many");
        }
    }

    private FailureException refusal(String detail) {
        return new FailureException(overloaded(detail));
    }

    Failure overloaded(String detail) {
        return new Failure.Overloaded(detail, shared.config().retryAfter());
    }

    Failure notReady() {
        return new Failure.NotReady("model '" + model() + "' version " + version() + " is unloading");
    }

    @Override
    public Dispatcher.@Nullable Job take() {
        boolean together = !(batchability instanceof Batchability.No);
        int maxSize = together ? settings().batching().maxSize() : 1;
        if (together && waitsForOthers(maxSize)) {
            return null;
        }
        List<Call> calls = queue.take(maxSize);
        return calls.isEmpty() ? null : new Run(this, calls);
    }

    private boolean waitsForOthers(int maxSize) {
        long delay = settings().batching().maxDelay().toNanos();
        Long since = delay == 0 ? null : queue.waitingSince(maxSize);
        if (since == null || since + delay - now() <= 0) {
            return false;
        }
        if (delayedUntil != since + delay) {
            delayedUntil = since + delay;
            shared.timer().at(delayedUntil, () -> shared.dispatcher().wake(lane));
        }
        return true;
    }

    Failure tooLate(Call call) {
        Duration waited =
                Duration.ofNanos(call.admission().deadline() - call.admission().arrived());
        return new Failure.DeadlineExceeded(
                "model '" + model() + "' version " + version() + " gave no answer within " + waited.toMillis() + " ms");
    }

    void ran(long batchRows, long bytes, long now, RunTimes times) {
        counters.ran(batchRows, times);
        cost.ran(bytes, times.infer(), now);
        if (published) {
            shared.observer().ran(model(), version(), batchRows, times.infer());
        }
    }

    void answered(Call call, long began, RunTimes times, long batchRows) {
        long queued = began - call.admission().arrived();
        long total = now() - call.admission().arrived();
        counters.succeeded(call.admission().rows(), total, queued, times);
        if (published && !call.admission().shadow()) {
            InferenceResponse.Timing timing = new InferenceResponse.Timing(queued, times.infer(), batchRows);
            shared.observer().answered(model(), version(), timing, total);
        }
    }

    void failed(Call call, Failure failure) {
        counters.failed(now() - call.admission().arrived());
        if (published && !call.admission().shadow()) {
            shared.observer().failed(model(), version(), failure);
        }
    }

    /** Tells that a caller has heard the end. */
    void told() {
        shared.unanswered().release();
    }

    void settled() {
        claims.release();
    }

    void cannotBatch(String why) {
        batchability = new Batchability.No(why);
        LOG.warn("model '{}' version {} is not batched from now on: {}", model(), version(), why);
    }

    @Override
    public Batchability probe(List<InferenceRequest> sample) {
        try {
            return Probe.settled(source, rows, session.rowMixing()).orElseGet(() -> probed(sample));
        } finally {
            sample.forEach(InferenceRequest::close);
        }
    }

    private Batchability probed(List<InferenceRequest> sample) {
        if (!claims.tryClaim()) {
            throw new FailureException(notReady());
        }
        try {
            batchability = new BatchTrial(source, session, rows, check, shared).verdict(sample);
            return batchability;
        } finally {
            claims.release();
        }
    }

    /** Takes no more requests, and unloads after the last one. */
    void retire() {
        if (state == VersionState.READY) {
            state = VersionState.UNLOADING;
        }
        if (!claims.close()) {
            return;
        }
        Timer.Alarm watch =
                shared.timer().at(now() + shared.config().drainPatience().toNanos(), this::callOverdue);
        overdueWatch = watch;
        if (state == VersionState.UNLOADED) {
            watch.cancel();
        }
    }

    private void callOverdue() {
        overdue = true;
        LOG.warn(
                "model '{}' version {} still has {} requests after {}; it is kept until they end",
                model(),
                version(),
                claims.count(),
                shared.config().drainPatience());
    }

    /** Whether it has not drained in time. */
    boolean overdue() {
        return overdue;
    }

    /** Ends what waits and what runs. */
    void stop(Failure why) {
        for (Call call = queue.oldest(); call != null; call = queue.oldest()) {
            call.abandon(why);
        }
        runs.forEach(run -> run.cancel(why));
    }

    private void allLeft() {
        Thread unload = Thread.ofPlatform()
                .name("slipway-unload-" + model() + "-" + version())
                .daemon(true)
                .unstarted(this::unload);
        try {
            unload.start();
        } catch (OutOfMemoryError e) { // no thread can be had
            unload();
        }
    }

    private void unload() {
        try {
            session.close();
        } catch (RuntimeException e) {
            LOG.error("model '{}' version {}: the session broke when it was closed", model(), version(), e);
        }
        state = VersionState.UNLOADED;
        Timer.Alarm watch = overdueWatch;
        if (watch != null) {
            watch.cancel();
        }
        shared.observer().unloaded(model(), version());
        whenUnloaded.accept(this);
        unloaded.countDown();
    }

    /** Waits until it is unloaded; false when {@code patience} was over before. */
    boolean awaitUnloaded(Duration patience) {
        try {
            return unloaded.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        retire();
        awaitUnloaded(shared.config().drainPatience());
    }
}
