package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private final Workers workers = new Workers();

    @Test
    void workThatComesAfterTheStopIsDoneByItsCaller() throws InterruptedException {
        workers.stop(Duration.ZERO);
        Thread[] worker = new Thread[1];
        workers.run(() -> worker[0] = Thread.currentThread());

        assertThat(worker[0]).isSameAs(Thread.currentThread());
    }

    @Test
    void theStopInterruptsWhatRunsAndWaitsForIt() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch runs = new CountDownLatch(1);
        AtomicBoolean gaveBack = new AtomicBoolean();
        workers.run(() -> {
            try {
                runs.countDown();
                never.await();
            } catch (InterruptedException e) {
                gaveBack.set(true);
            }
        });
        runs.await();
        workers.stop(Duration.ofSeconds(20));

        assertThat(gaveBack).isTrue();
    }
}
