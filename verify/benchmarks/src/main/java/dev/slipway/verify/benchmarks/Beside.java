package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A subject while another one works, which begins before it and ends after it.
 *
 * @param measured whose window counts
 */
public record Beside(Subject measured, Subject other) implements Subject {

    private static final Duration LEAD = Duration.ofMillis(300);

    @Override
    public String name() {
        return measured.name();
    }

    @Override
    public Window run(Duration duration) throws IOException, InterruptedException {
        FutureTask<Window> working = new FutureTask<>(() -> other.run(duration.plus(LEAD.multipliedBy(2))));
        Thread.ofPlatform().name("beside").start(working);
        TimeUnit.NANOSECONDS.sleep(LEAD.toNanos());
        Window window = measured.run(duration);
        try {
            working.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return window;
    }
}
