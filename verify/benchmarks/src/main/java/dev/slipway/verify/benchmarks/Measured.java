package dev.slipway.verify.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The windows of subjects that took turns, round by round. */
public final class Measured {

    private final Map<String, List<Window>> windows;

    Measured(Map<String, List<Window>> windows) {
        this.windows = windows;
    }

    public Set<String> subjects() {
        return windows.keySet();
    }

    public boolean has(String subject) {
        return windows.containsKey(subject);
    }

    /** Processor time per request, microseconds. */
    public Series processor(String subject) {
        return series(subject, Window::processorMicros);
    }

    /** Requests a second. */
    public Series rate(String subject) {
        return series(subject, Window::rate);
    }

    /** The median of the times to an answer, milliseconds. */
    public Series median(String subject) {
        return series(subject, Window::median);
    }

    /** Their 99th percentile, milliseconds. */
    public Series late(String subject) {
        return series(subject, Window::late);
    }

    /** Their 99.9th percentile, milliseconds. */
    public Series latest(String subject) {
        return series(subject, Window::latest);
    }

    private Series series(String subject, ToDoubleFunction<Window> figure) {
        List<Window> measured = windows.get(subject);
        if (measured == null) {
            throw new IllegalArgumentException("'" + subject + "' was not measured, but " + windows.keySet());
        }
        return new Series(measured.stream().mapToDouble(figure).boxed().toList());
    }
}
