package dev.slipway.testing;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Settings;
import dev.slipway.core.TensorPool;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.core.spi.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An engine in memory, its own provider, whose runs a test can hold, fail and count. Its models are the words of
 * {@link FakeModel} in a text file; its format is {@code fake}.
 */
public final class FakeEngine implements EngineProvider, Engine {

    private final List<Long> batchSizes = new CopyOnWriteArrayList<>();
    private final List<Settings> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final RunGate gate = new RunGate();
    private final RunGate opening = new RunGate();
    private volatile @Nullable TensorPool pool;
    private volatile @Nullable Failure openFailure;
    private volatile @Nullable Failure runFailure;
    private volatile List<String> rowMixing = List.of();
    private volatile boolean steady = true;
    private volatile long sessionBytes = 1;
    private volatile boolean deaf;
    private volatile boolean closed;

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public Set<String> formats() {
        return Set.of("fake");
    }

    @Override
    public Engine start(TensorPool pool) {
        this.pool = pool;
        return this;
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Session open(Path model, Settings settings, Cancellation cancellation) {
        TensorPool outputs = pool;
        if (outputs == null) {
            throw new IllegalStateException("the fake engine was not started");
        }
        opening.pass(cancellation, deaf);
        Failure failure = deaf || !cancellation.cancelled() ? openFailure : cancellation.reason();
        if (failure != null) {
            throw new FailureException(failure);
        }
        FakeModel function = read(model);
        opened.add(settings);
        sessions.incrementAndGet();
        return new FakeSession(function, this, outputs);
    }

    /** As many as {@link #weigh} said, whatever the file holds. */
    @Override
    public long memory(long fileBytes) {
        return sessionBytes;
    }

    /** Makes every session hold so many bytes. */
    public void weigh(long bytes) {
        this.sessionBytes = bytes;
    }

    private static FakeModel read(Path model) {
        try {
            return FakeModel.valueOf(Files.readString(model).strip().toUpperCase(Locale.ROOT));
        } catch (IOException | IllegalArgumentException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("file '" + model.getFileName() + "' is not a fake model"), e);
        }
    }

    @Override
    public void close() {
        if (opening.held() > 0) {
            throw new IllegalStateException("closed while it opens a model");
        }
        closed = true;
    }

    /** Makes every run from now on wait, after it has read its inputs, until {@link #release}. */
    public void hold() {
        gate.hold();
    }

    /** Lets the held runs and all later ones go. */
    public void release() {
        gate.release();
    }

    /** Blocks until this many runs are held at once; fails after ten seconds. */
    public void awaitHeld(int runs) throws InterruptedException {
        gate.awaitHeld(runs);
    }

    /** Makes every open from now on wait until {@link #releaseOpens}. */
    public void holdOpens() {
        opening.hold();
    }

    /** Lets the held opens and all later ones go. */
    public void releaseOpens() {
        opening.release();
    }

    /** Blocks until an open is held; fails after ten seconds. */
    public void awaitOpening() throws InterruptedException {
        opening.awaitHeld(1);
    }

    /** Makes held runs and opens ignore cancellation, as a native engine inside a long node does. */
    public void ignoreCancellation(boolean ignore) {
        this.deaf = ignore;
    }

    /** Makes every run fail; null lets them succeed again. */
    public void failRuns(@Nullable Failure failure) {
        this.runFailure = failure;
    }

    /** Makes every open fail; null lets them succeed again. */
    public void failOpens(@Nullable Failure failure) {
        this.openFailure = failure;
    }

    /** The first dimension of the input of every run so far, in the order in which they began. */
    public List<Long> batchSizes() {
        return List.copyOf(batchSizes);
    }

    public int runs() {
        return batchSizes.size();
    }

    /** The settings of every successful open so far. */
    public List<Settings> opened() {
        return List.copyOf(opened);
    }

    /** The sessions whose memory is not yet freed. */
    public int liveSessions() {
        return sessions.get();
    }

    public boolean closed() {
        return closed;
    }

    /** Makes sessions say that this may let rows of a batch influence each other. */
    public void suspect(String... rowMixing) {
        this.rowMixing = List.of(rowMixing);
    }

    List<String> rowMixing() {
        return rowMixing;
    }

    /** Makes sessions say whether the shapes of inputs alone say how long a run takes. */
    public void steady(boolean steady) {
        this.steady = steady;
    }

    boolean steady() {
        return steady;
    }

    RunGate gate() {
        return gate;
    }

    boolean deaf() {
        return deaf;
    }

    void began(long rows) {
        batchSizes.add(rows);
        Failure failure = runFailure;
        if (failure != null) {
            throw new FailureException(failure);
        }
    }

    void freed() {
        sessions.decrementAndGet();
    }
}
