package dev.slipway.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemTimerTest {

    private static final long MILLI = 1_000_000;

    /** A wheel that turns once in 4 ms, so that alarms beyond a turn come soon. */
    private final SystemTimer timer = new SystemTimer(4);

    private final BlockingQueue<String> rung = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        timer.close();
    }

    private String next() throws InterruptedException {
        return rung.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void alarmsGoOffInTheirOrderAlsoBeyondATurnAndInThePast() throws InterruptedException {
        long now = timer.nanoTime();
        timer.at(now + 40 * MILLI, () -> rung.add("third"));
        timer.at(now + 20 * MILLI, () -> rung.add("second"));
        timer.at(now - MILLI, () -> rung.add("first"));
        assertThat(List.of(next(), next(), next())).containsExactly("first", "second", "third");
    }

    @Test
    void anAlarmIsNeverEarly() throws InterruptedException {
        long at = timer.nanoTime() + 3 * MILLI;
        timer.at(at, () -> rung.add(timer.nanoTime() - at >= 0 ? "due" : "early"));
        assertThat(next()).isEqualTo("due");
    }

    @Test
    void aCancelledAlarmDoesNotGoOff() throws InterruptedException {
        long now = timer.nanoTime();
        Timer.Alarm cancelled = timer.at(now + 20 * MILLI, () -> rung.add("cancelled"));
        timer.at(now + 40 * MILLI, () -> rung.add("other"));
        cancelled.cancel();
        cancelled.cancel();
        assertThat(next()).isEqualTo("other");
        assertThat(rung).isEmpty();
    }

    @Test
    void itWakesFromIdlenessAndOutlivesATaskThatThrows() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            String name = "alarm " + i;
            timer.at(timer.nanoTime() + MILLI, () -> {
                rung.add(name);
                throw new IllegalStateException("thrown on purpose");
            });
            assertThat(next()).isEqualTo(name);
        }
    }

    @Test
    void alarmsFromManyThreadsAllGoOff() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(4_000);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1_000; i++) {
                    timer.at(timer.nanoTime() + i * 1_000L, left::countDown);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
