package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.core.Cancellation;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Engine;
import dev.slipway.core.spi.EngineProvider;
import dev.slipway.core.spi.Session;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What holds of every engine; the test of each extends this. */
@Timeout(120)
public abstract class EngineKit {

    private static final int THREADS = 8;

    @RegisterExtension
    protected final CountingPool pool = new CountingPool();

    @TempDir
    protected Path folder;

    private Engine engine;

    protected abstract EngineProvider provider();

    /** A model from {@code x}, FP32[n,2], to {@code y}, FP32[n,2], that is the same. */
    protected abstract Path identity(Path folder);

    /** A model like {@link #identity} that does not come to an end within minutes. */
    protected abstract Path endless(Path folder);

    @BeforeEach
    void start() {
        engine = provider().start(pool);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    protected Engine engine() {
        return engine;
    }

    protected Session open(Path model) {
        return engine.open(model, Settings.DEFAULT, new Cancellation());
    }

    protected NamedTensor x(long rows, float... values) {
        return Tensors.floats(pool, "x", Shape.of(rows, 2), values);
    }

    /** Asserts that something fails with a failure of this kind that says all of these. */
    protected static void assertFails(ThrowingCallable action, Class<? extends Failure> kind, String... words) {
        assertThatThrownBy(action).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure()).isInstanceOf(kind);
            for (String word : words) {
                assertThat(e.failure().detail()).contains(word);
            }
        });
    }

    @Test
    void theServiceLoaderFindsItByItsName() {
        assertThat(ServiceLoader.load(EngineProvider.class).stream()
                        .map(found -> found.get().name()))
                .contains(provider().name());
        assertThat(engine.name()).isEqualTo(provider().name());
        assertThat(engine.version()).isNotBlank();
        assertThat(provider().formats()).isNotEmpty();
    }

    @Test
    void theSignatureSaysWhatTheModelTakesAndGives() {
        DeclaredShape rows = DeclaredShape.of(Dimension.of("n"), Dimension.of(2));
        try (Session session = open(identity(folder))) {
            assertThat(session.signature().inputs()).containsExactly(new TensorSpec("x", DataType.FP32, rows));
            assertThat(session.signature().outputs()).containsExactly(new TensorSpec("y", DataType.FP32, rows));
        }
    }

    @Test
    void aRunGivesOneAnswer() {
        try (Session session = open(identity(folder));
                Answers answers = Answers.of(session, x(2, 1, 2, 3, 4))) {
            assertThat(answers.count()).isOne();
            assertThat(answers.output("y").shape()).isEqualTo(Shape.of(2, 2));
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void rowsMayBeNone() {
        try (Session session = open(identity(folder));
                Answers answers = Answers.of(session, x(0))) {
            assertThat(answers.output("y").shape()).isEqualTo(Shape.of(0, 2));
        }
    }

    @Test
    void anAnswerOutlivesItsSession() {
        Answers answers;
        try (Session session = open(identity(folder))) {
            answers = Answers.of(session, x(1, 5, 6));
        }
        try (answers) {
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(5, 6);
        }
    }

    @Test
    void wrongInputsAreRefusedByName() {
        try (Session session = open(identity(folder))) {
            assertFails(() -> Answers.of(session), Failure.BadInput.class, "'x'", "missing");
            assertFails(
                    () -> Answers.of(session, Tensors.floats(pool, "z", Shape.of(1, 2), 1, 2)),
                    Failure.BadInput.class,
                    "no input 'z'",
                    "x: FP32[n,2]");
            assertFails(() -> Answers.of(session, x(1, 1, 2), x(1, 1, 2)), Failure.BadInput.class, "'x'", "twice");
            assertFails(
                    () -> Answers.of(session, Tensors.longs(pool, "x", Shape.of(1, 2), 1, 2)),
                    Failure.BadInput.class,
                    "'x'",
                    "INT64",
                    "FP32");
            assertFails(
                    () -> Answers.of(session, Tensors.floats(pool, "x", Shape.of(1, 3), 1, 2, 3)),
                    Failure.BadInput.class,
                    "'x'",
                    "[1,3]",
                    "[n,2]");
            assertFails(
                    () -> Answers.of(session, Tensors.floats(pool, "x", Shape.of(2), 1, 2)),
                    Failure.BadInput.class,
                    "'x'",
                    "[2]",
                    "[n,2]");
        }
    }

    @Test
    void wrongOutputsAreRefusedByName() {
        try (Session session = open(identity(folder))) {
            assertFails(
                    () -> Answers.of(session, List.of("z"), new Cancellation(), x(1, 1, 2)),
                    Failure.BadInput.class,
                    "no output 'z'",
                    "y");
        }
    }

    @Test
    void aBrokenFileIsRefusedByName() throws IOException {
        Path garbage = Files.write(folder.resolve("broken.bin"), new byte[] {(byte) 0xff, 7, 3, 120, 9, 9, 9});
        assertFails(() -> open(garbage), Failure.BadInput.class, "broken.bin");
        assertFails(() -> open(folder.resolve("absent.bin")), Failure.BadInput.class, "absent.bin");
    }

    @Test
    void aLoadThatWasGivenUpFailsWithTheReason() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel(new Failure.DeadlineExceeded("too late to load"));
        assertFails(
                () -> engine.open(identity(folder), Settings.DEFAULT, cancelled),
                Failure.DeadlineExceeded.class,
                "too late to load");
    }

    @Test
    void aCancelledRunFailsWithTheReason() throws Exception {
        Cancellation before = new Cancellation();
        before.cancel(new Failure.Cancelled("the client has gone"));
        Cancellation during = new Cancellation();
        Failure late = new Failure.DeadlineExceeded("too late");
        try (ExecutorService threads = Executors.newCachedThreadPool();
                Session session = open(endless(folder))) {
            assertFails(() -> Answers.of(session, List.of("y"), before, x(1, 1, 2)), Failure.Cancelled.class, "gone");
            RunningThread running = new RunningThread(() -> Answers.of(session, List.of("y"), during, x(1, 1, 2)));
            Future<?> run = threads.submit(running);
            running.awaitWork();
            during.cancel(late);
            assertThat(failureOf(run)).isEqualTo(late);
        }
    }

    @Test
    void closingCancelsTheRunsGoingOn() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Session session = open(endless(folder));
            RunningThread running = new RunningThread(() -> Answers.of(session, x(1, 1, 2)));
            Future<?> run = threads.submit(running);
            running.awaitWork();
            session.close();
            assertThat(failureOf(run)).isInstanceOf(Failure.NotReady.class);
            assertFails(() -> Answers.of(session, x(1, 1, 2)), Failure.NotReady.class);
            session.close();
        }
    }

    @Test
    void closingUnderLoadEndsEveryRunCleanly() throws Exception {
        Path model = identity(folder);
        for (int round = 0; round < 5; round++) {
            Session session = open(model);
            CountDownLatch warm = new CountDownLatch(THREADS * 20);
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                List<Future<Throwable>> all = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    all.add(threads.submit(() -> untilItFails(session, warm)));
                }
                warm.await();
                session.close();
                for (Future<Throwable> each : all) {
                    assertThat(FailureException.of(each.get())).isInstanceOf(Failure.NotReady.class);
                }
            }
        }
    }

    private Throwable untilItFails(Session session, CountDownLatch warm) {
        Throwable thrown = null;
        while (thrown == null) {
            thrown = catchThrowable(() -> Answers.of(session, x(1, 1, 2)).close());
            warm.countDown();
        }
        return thrown;
    }

    @Test
    void runsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool();
                Session session = open(identity(folder))) {
            List<Callable<float[]>> runs = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                float mine = i;
                runs.add(() -> {
                    try (Answers answers = Answers.of(session, x(3, mine, 1, 2, mine, 3, mine))) {
                        return Tensors.floats(answers.output("y"));
                    }
                });
            }
            List<Future<float[]>> answers = threads.invokeAll(runs);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).containsExactly(i, 1, 2, i, 3, i);
            }
        }
    }

    @Test
    void enginesAndSessionsLiveSideBySide() {
        Path model = identity(folder);
        try (Engine other = provider().start(pool);
                Session mine = open(model);
                Session theirs = other.open(model, Settings.DEFAULT, new Cancellation());
                Answers first = Answers.of(mine, x(1, 1, 2));
                Answers second = Answers.of(theirs, x(1, 3, 4))) {
            assertThat(Tensors.floats(first.output("y"))).containsExactly(1, 2);
            assertThat(Tensors.floats(second.output("y"))).containsExactly(3, 4);
        }
        try (Session again = open(model);
                Answers answers = Answers.of(again, x(1, 5, 6))) {
            assertThat(Tensors.floats(answers.output("y"))).containsExactly(5, 6);
        }
    }

    private static Failure failureOf(Future<?> run) throws InterruptedException {
        try {
            run.get();
            throw new AssertionError("the run came to an end");
        } catch (ExecutionException e) {
            return FailureException.of(e);
        }
    }

    /** A run whose thread can be watched: that it works is seen from the processor time that it has used. */
    private static final class RunningThread implements Callable<Answers> {

        private static final long BUSY_NANOS = 30_000_000;

        private final Callable<Answers> run;
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile long thread;

        RunningThread(Callable<Answers> run) {
            this.run = run;
        }

        @Override
        public Answers call() throws Exception {
            thread = Thread.currentThread().threadId();
            begun.countDown();
            return run.call();
        }

        void awaitWork() throws InterruptedException {
            begun.await();
            long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
            while (ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - before < BUSY_NANOS) {
                Thread.onSpinWait();
            }
        }
    }
}
