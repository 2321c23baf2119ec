package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A subject while another one works, which begins before it and ends after it. */
public final class Beside implements Subject {

    private static final Duration LEAD = Duration.ofMillis(300);

    private final Subject measured;
    private final Subject other;
    private final List<Window> others = new ArrayList<>();

    /** @param measured whose window counts */
    public Beside(Subject measured, Subject other) {
        this.measured = measured;
        this.other = other;
    }

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
            others.add(working.get());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return window;
    }

    /** What the other one was answered, requests a second, at least. */
    public double leastOfTheOther() {
        return others.stream().mapToDouble(Window::rate).min().orElse(0);
    }
}
