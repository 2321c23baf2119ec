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
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.Session;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version that answers: its queue, its place among the others, and its session while it is in memory. */
final class ServedVersion implements LoadedVersion, Dispatcher.Work {

    private static final Logger LOG = LoggerFactory.getLogger(ServedVersion.class);

    private final VersionSource source;
    private final Engine engine;
    private final Parallelism parallelism;
    private final Shared shared;
    private final Consumer<LoadedVersion> trial;
    private final Consumer<ServedVersion> whenGone;
    private final Residency residency;
    private final Rows rows;
    private final RequestCheck check;
    private final Shadow shadow;
    private final RequestQueue queue;
    private final RunSize size;
    private final VersionMetrics metrics;
    private final Dispatcher.Lane lane;
    private final @Nullable CachedAnswers cached;
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private volatile RunCost cost = new RunCost(false);
    private final Visits visits = new Visits();
    private final Drain drain;
    private final Claims claims;
    private volatile Batchability batchability;
    private volatile @Nullable Failure stopped;
    private volatile boolean opened;
    private volatile boolean triedOut;

    /**
     * A version that is not in memory.
     *
     * @param trial tries it out when it has come for the first time
     */
    ServedVersion(
            VersionSource source,
            Engine engine,
            Shared shared,
            Consumer<LoadedVersion> trial,
            Consumer<ServedVersion> whenGone) {
        this.source = source;
        this.engine = engine;
        this.parallelism = Parallelism.of(source.settings(), shared.config().cores());
        this.shared = shared;
        this.trial = trial;
        this.whenGone = whenGone;
        this.residency = new Residency(this, shared, this::gone);
        this.drain = new Drain(shared, this::label, residency::depart);
        this.claims = drain.claims();
        this.rows = new Rows(signature());
        this.check = new RequestCheck(source.model(), signature());
        this.shadow = new Shadow(this, shared.config().shadowRequests());
        this.queue = new RequestQueue(source.settings().queue(), shared.waiting());
        this.metrics = new VersionMetrics(source, shared);
        this.lane = new Dispatcher.Lane(this, parallelism.instances(), parallelism.threads());
        this.size = new RunSize(
                source.settings().batching(),
                queue,
                shared.timer(),
                () -> shared.dispatcher().wake(lane));
        this.cached = source.settings().cache() ? new CachedAnswers(this, shared.answers()) : null;
        this.batchability = Probe.before(source, rows, List.of(), "it has not been loaded yet");
    }

    /** How it is called in messages. */
    String label() {
        return "model '" + model() + "' version " + version();
    }

    VersionSource source() {
        return source;
    }

    /** What opens its sessions. */
    Engine runtime() {
        return engine;
    }

    /** The settings that its sessions are opened with. */
    Settings inEngine() {
        return parallelism.apply(settings());
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
        VersionState left = drain.state();
        return left == null ? residency.state() : left;
    }

    @Override
    public boolean ready() {
        return !claims.closed() && residency.failure() == null;
    }

    @Override
    public @Nullable Failure failure() {
        return residency.failure();
    }

    @Override
    public long memory() {
        return residency.bytes();
    }

    @Override
    public void load() {
        bring(Seat.Wish.MAKING_ROOM);
    }

    @Override
    public boolean loadIfRoom() {
        try {
            bring(Seat.Wish.IF_FREE);
            return true;
        } catch (FailureException e) {
            if (e.failure() instanceof Failure.Overloaded) {
                return false;
            }
            throw e;
        }
    }

    /** Brings it into memory; blocks until it is there and tried out. */
    void bring(Seat.Wish wish) {
        try {
            residency.summon(wish).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new FailureException(FailureException.of(e), e.getCause());
        }
    }

    /** Tells that a session has been opened: what is known of its rows without a run. */
    void opened(Session session) {
        if (!opened) {
            batchability = Probe.before(source, rows, session.rowMixing(), "not probed");
            cost = new RunCost(session.steady());
            opened = true;
        }
    }

    /** Tells that it has come into memory. */
    void arrived() {
        shared.dispatcher().wake(lane);
    }

    boolean triedOut() {
        return triedOut;
    }

    void tryOut() {
        trial.accept(this);
        triedOut = true;
    }

    /** Leaves its seat in memory to others. */
    void evict(Seat seat) {
        residency.evict(seat);
    }

    /** Whether nobody waits for it or runs it, and somebody can ask for it later. */
    boolean idle() {
        return metrics.published() && claims.count() == 0;
    }

    boolean waitedFor() {
        return queue.size() > 0;
    }

    /** Ends what waits. */
    void refuseWaiting(Failure why) {
        waiting().forEach(call -> call.abandon(why));
    }

    List<Call> waiting() {
        return queue.all();
    }

    /** A run is over and needs its seat no more. */
    void leave(Seat seat) {
        seat.release();
        lookForRoom();
    }

    private void lookForRoom() {
        if (claims.count() == 0) {
            shared.memory().lookSoon();
        }
    }

    @Override
    public String engine() {
        return engine.name() + " " + engine.version();
    }

    @Override
    public VersionStatistics statistics() {
        return metrics.statistics(queue.size(), runs.size());
    }

    /** Begins to count: what was asked before was asked to try it out. */
    void published() {
        metrics.publish();
    }

    VersionMetrics metrics() {
        return metrics;
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

    Timer timer() {
        return shared.timer();
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
        } catch (RuntimeException | Error e) {
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
        CachedAnswers answers = cached;
        boolean begun = false;
        try {
            if (answers == null || shadow || !metrics.published()) {
                begin(request, sink, shadow);
                begun = true;
            } else {
                begun = look(answers, request, sink);
            }
        } finally {
            if (!begun) {
                settled();
            }
        }
        return true;
    }

    /** Answers from what is kept; true when there was nothing, and a run has been begun. */
    private boolean look(CachedAnswers answers, InferenceRequest request, ResponseSink sink) {
        if (shared.unanswered().closed()) {
            throw new FailureException(Loads.shuttingDown());
        }
        return answers.accept(request, RequestKey.of(this, check.inputs(request), check.outputs(request)), sink);
    }

    /** Takes over a request, and the claim on this version that the caller has for it, unless it throws. */
    void begin(InferenceRequest request, ResponseSink sink, boolean shadow) {
        Failure absence = residency.refusal();
        if (absence != null) {
            throw new FailureException(absence);
        }
        if (!shared.unanswered().tryClaim()) {
            throw new FailureException(Loads.shuttingDown());
        }
        Call call;
        boolean visited;
        try {
            call = new Call(this, admit(request, shadow), new Reply(sink));
            visited = asksForVisit(call);
            enqueue(call);
        } catch (RuntimeException | Error e) {
            shared.unanswered().release();
            throw e;
        }
        call.watch(shared.timer(), settings().queue().policy(call.admission().priority()));
        if (residency.absent()) {
            residency.need();
        } else if (!visited) {
            shared.dispatcher().wake(lane);
        }
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

    boolean lengthy() {
        return cost.lengthy();
    }

    @Override
    public boolean visited() {
        return visits.expected();
    }

    private Admission admit(InferenceRequest request, boolean shadow) {
        List<NamedTensor> inputs = check.inputs(request);
        List<String> outputs = check.outputs(request);
        long now = now();
        long deadline = deadline(now, request.deadline());
        long count = rows.of(inputs);
        metrics.came();
        int priority = settings().queue().level(request.parameters().get("priority"));
        return new Admission(request, inputs, outputs, Math.max(1, count), count > 0, now, deadline, priority, shadow);
    }

    /** When nobody waits any more for the answer to a request that came at {@code arrived}. */
    long deadline(long arrived, @Nullable Deadline own) {
        long latest = arrived + settings().timeout().toNanos();
        return own != null && own.nanoTime() - latest < 0 ? own.nanoTime() : latest;
    }

    private void enqueue(Call call) {
        switch (queue.offer(call)) {
            case ACCEPTED -> {}
            case QUEUE_FULL ->
                throw refusal(settings().queue().size() + " requests wait for " + label()
                        + ", the most that queue.size allows");
            case PRIORITY_FULL -> {
                int priority = call.admission().priority();
                throw refusal(settings().queue().policy(priority).size() + " requests of priority " + (priority + 1)
                        + " wait for " + label() + ", the most that the queue's policy for it allows");
            }
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
        return new Failure.NotReady(label() + " is unloading");
    }

    @Override
    public Dispatcher.@Nullable Job take() {
        int rows = batchability instanceof Batchability.No ? 1 : size.rows();
        if (rows == 0) {
            return null;
        }
        Seat seat = residency.claim();
        if (seat == null) {
            comeForWaiting();
            return null;
        }
        List<Call> calls = queue.take(rows);
        if (calls.isEmpty()) {
            seat.release();
            return null;
        }
        return new Run(this, calls, seat);
    }

    /** It has left memory after a request was sent to it. */
    private void comeForWaiting() {
        if (residency.absent() && waitedFor()) {
            shared.loads().begin(this, residency::need);
        }
    }

    Failure tooLate(long arrived, long deadline) {
        Duration waited = Duration.ofNanos(deadline - arrived);
        return new Failure.DeadlineExceeded(label() + " gave no answer within " + waited.toMillis() + " ms");
    }

    void ran(long batchRows, long bytes, long now, RunTimes times) {
        metrics.ran(batchRows, times);
        cost.ran(bytes, times.infer(), now);
    }

    /** Tells that a caller has heard the end. */
    void told() {
        shared.unanswered().release();
    }

    void settled() {
        claims.release();
        lookForRoom();
    }

    void cannotBatch(String why) {
        batchability = new Batchability.No(why);
        LOG.warn("{} is not batched from now on: {}", label(), why);
    }

    @Override
    public Batchability probe(List<InferenceRequest> sample) {
        try {
            Seat seat = residency.claim();
            if (seat == null) {
                throw new FailureException(notReady());
            }
            try {
                return Probe.settled(source, rows, seat.opened().rowMixing()).orElseGet(() -> probed(seat, sample));
            } finally {
                leave(seat);
            }
        } finally {
            sample.forEach(InferenceRequest::close);
        }
    }

    private Batchability probed(Seat seat, List<InferenceRequest> sample) {
        if (!claims.tryClaim()) {
            throw new FailureException(notReady());
        }
        try {
            batchability = new BatchTrial(source, seat.opened(), rows, check, shared).verdict(sample);
            return batchability;
        } finally {
            settled();
        }
    }

    /** Takes no more requests, and unloads after the last one. */
    void retire() {
        drain.begin();
    }

    /** Whether it has not drained in time. */
    boolean overdue() {
        return drain.overdue();
    }

    /** Ends what waits and what runs. */
    void stop(Failure why) {
        stopped = why;
        refuseWaiting(why);
        runs.forEach(run -> run.cancel(why));
    }

    /** Why runs that begin now end at once; null while they do not. */
    @Nullable
    Failure stopped() {
        return stopped;
    }

    private void gone() {
        drain.over();
        if (cached != null) {
            cached.forget();
        }
        whenGone.accept(this);
        drain.release();
    }

    /** Waits until it is unloaded; false when {@code patience} was over before. */
    boolean awaitUnloaded(Duration patience) {
        return drain.await(patience);
    }

    @Override
    public void close() {
        retire();
        awaitUnloaded(shared.config().drainPatience());
    }
}
