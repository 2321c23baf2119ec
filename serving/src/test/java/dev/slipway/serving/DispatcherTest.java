package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class DispatcherTest {

    private final BlockingQueue<String> began = new LinkedBlockingQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    /** Jobs that say their name, wait for the gate, and end. */
    private final class Jobs implements Dispatcher.Work {
        private final ConcurrentLinkedQueue<String> names;

        private volatile boolean brief;
        private volatile boolean visited;
        private volatile Runnable within = () -> {};

        Jobs(String... names) {
            this.names = new ConcurrentLinkedQueue<>(List.of(names));
        }

        @Override
        public boolean visited() {
            return visited;
        }

        @Override
        public Dispatcher.@Nullable Job take() {
            String name = names.poll();
            return name == null
                    ? null
                    : new Dispatcher.Job() {
                        @Override
                        public void run() {
                            threads.add(Thread.currentThread());
                            within.run();
                            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            began.add(name);
                            try {
                                gate.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            atOnce.decrementAndGet();
                        }

                        @Override
                        public boolean brief() {
                            return brief;
                        }

                        @Override
                        public boolean lengthy() {
                            return name.startsWith("lengthy");
                        }

                        @Override
                        public void refuse() {
                            began.add(name + " refused");
                        }
                    };
        }
    }

    private List<String> begun(int jobs) throws InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            names.add(began.poll(10, TimeUnit.SECONDS));
        }
        return names;
    }

    @Test
    void lanesTakeTurns() throws InterruptedException {
        try (Dispatcher dispatcher = new Dispatcher(1, 1)) {
            dispatcher.wake(new Dispatcher.Lane(new Jobs("a1", "a2", "a3"), 1, 1));
            dispatcher.wake(new Dispatcher.Lane(new Jobs("b1", "b2"), 1, 1));
            dispatcher.wake(new Dispatcher.Lane(new Jobs("c1"), 1, 1));
            gate.countDown();
            assertThat(begun(6)).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
        }
    }

    @Test
    void theFirstRunOfALaneStartsThoughTheCoresAreTaken() throws InterruptedException {
        try (Dispatcher dispatcher = new Dispatcher(2, 8)) {
            dispatcher.wake(new Dispatcher.Lane(new Jobs("a", "a", "a"), 4, 1));
            assertThat(begun(2)).containsExactly("a", "a");
            dispatcher.wake(new Dispatcher.Lane(new Jobs("tiny", "tiny"), 2, 1));
            assertThat(begun(1)).containsExactly("tiny");
            assertThat(began).as("further runs share the cores").isEmpty();
            gate.countDown();
            assertThat(begun(2)).containsExactlyInAnyOrder("a", "tiny");
        }
    }

    @Test
    void aHundredLanesStayWithinTheBound() throws InterruptedException {
        try (Dispatcher dispatcher = new Dispatcher(2, 4)) {
            for (int i = 0; i < 100; i++) {
                dispatcher.wake(new Dispatcher.Lane(new Jobs("job " + i), 2, 1));
            }
            List<String> names = begun(4);
            gate.countDown();
            names.addAll(begun(96));
            assertThat(names).doesNotHaveDuplicates().doesNotContainNull();
            assertThat(mostAtOnce.get()).isEqualTo(4);
        }
    }

    @Test
    void aRunOfManyThreadsTakesAsManyCores() throws InterruptedException {
        try (Dispatcher dispatcher = new Dispatcher(4, 8)) {
            dispatcher.wake(new Dispatcher.Lane(new Jobs("wide", "wide", "wide"), 4, 2));
            assertThat(begun(2)).containsExactly("wide", "wide");
            assertThat(began).isEmpty();
            gate.countDown();
            assertThat(begun(1)).containsExactly("wide");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void lengthyJobsStandBackForOthers() throws InterruptedException {
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        gate.countDown();
        try (Dispatcher dispatcher = new Dispatcher(1, 8)) {
            Jobs jobs = new Jobs("lengthy", "lengthy, too", "short", "lengthy again");
            jobs.within = () -> done.add(Thread.currentThread().getName().replaceFirst("[0-9]+$", "") + niceness());
            dispatcher.wake(new Dispatcher.Lane(jobs, 1, 1));
            begun(4);
        }
        String standsBack = "slipway-long-run-" + Math.min(19, niceness() + 10);
        assertThat(done).containsExactly(standsBack, standsBack, "slipway-run-" + niceness(), standsBack);
    }

    /** That of the calling thread: the 19th field of its state, of which the second is its name in brackets. */
    private static int niceness() {
        try {
            String state = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(state.substring(state.lastIndexOf(')') + 2).split(" ", -1)[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoComesForBriefWorkDoesAJobItself() throws InterruptedException {
        gate.countDown();
        try (Dispatcher dispatcher = new Dispatcher(1, 8)) {
            Jobs jobs = new Jobs("a", "b");
            jobs.brief = true;
            dispatcher.visit(new Dispatcher.Lane(jobs, 1, 1));
            assertThat(begun(2)).containsExactly("a", "b");
        }
        assertThat(threads.poll()).isEqualTo(Thread.currentThread());
        assertThat(threads.poll()).as("the second job was handed over").isNotEqualTo(Thread.currentThread());
    }

    @Test
    void whoComesForLongWorkHandsItOver() throws InterruptedException {
        try (Dispatcher dispatcher = new Dispatcher(1, 8)) {
            dispatcher.visit(new Dispatcher.Lane(new Jobs("a"), 1, 1));
            assertThat(begun(1)).containsExactly("a");
            gate.countDown();
        }
        assertThat(threads).doesNotContain(Thread.currentThread());
    }

    @Test
    void workThatSomebodyIsAboutToComeForIsLeftToThem() throws InterruptedException {
        gate.countDown();
        try (Dispatcher dispatcher = new Dispatcher(1, 8)) {
            Jobs jobs = new Jobs("a", "b", "c");
            jobs.brief = true;
            jobs.visited = true;
            Dispatcher.Lane lane = new Dispatcher.Lane(jobs, 1, 1);
            dispatcher.visit(lane);
            dispatcher.visit(lane);
            jobs.visited = false;
            dispatcher.visit(lane);
            assertThat(begun(3)).containsExactly("a", "b", "c");
        }
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void whoComesDoesNotExceedTheBound() throws InterruptedException {
        try (Dispatcher dispatcher = new Dispatcher(1, 1)) {
            dispatcher.wake(new Dispatcher.Lane(new Jobs("heavy"), 1, 1));
            assertThat(begun(1)).containsExactly("heavy");
            Jobs jobs = new Jobs("brief");
            jobs.brief = true;
            dispatcher.visit(new Dispatcher.Lane(jobs, 1, 1));
            assertThat(began).isEmpty();
            gate.countDown();
            assertThat(begun(1)).containsExactly("brief");
        }
    }

    @Test
    void whatNoThreadTakesIsRefused() throws InterruptedException {
        Dispatcher dispatcher = new Dispatcher(1, 1);
        dispatcher.close();
        dispatcher.wake(new Dispatcher.Lane(new Jobs("a", "b"), 1, 1));
        assertThat(begun(2)).containsExactly("a refused", "b refused");
    }

    @Test
    void whatSettingsLeaveOpenFillsTheCores() {
        assertThat(Parallelism.of(ServingFixture.parallel(0, 0), 8)).isEqualTo(new Parallelism(8, 1));
        assertThat(Parallelism.of(ServingFixture.parallel(2, 0), 8)).isEqualTo(new Parallelism(2, 4));
        assertThat(Parallelism.of(ServingFixture.parallel(0, 4), 8)).isEqualTo(new Parallelism(2, 4));
        assertThat(Parallelism.of(ServingFixture.parallel(0, 16), 8)).isEqualTo(new Parallelism(1, 16));
        assertThat(Parallelism.of(ServingFixture.parallel(3, 5), 8)).isEqualTo(new Parallelism(3, 5));
    }
}
