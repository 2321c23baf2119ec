package dev.slipway.server;

import dev.slipway.core.InferenceResponse;
import dev.slipway.server.config.Logging;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines about requests: all of them if wanted, else those that were slow or failed here. Event loops put them into a
 * queue, which drops and counts what it cannot take.
 */
final class RequestLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.slipway.server.requests");
    private static final int WAITING = 8192;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * What a line says.
     *
     * @param status of HTTP, or of a gRPC call its own
     * @param stream whether it was open for as long as its client liked, and so is never slow
     * @param timing where the time went, if a model answered
     */
    record Line(
            String method,
            String path,
            int status,
            long nanos,
            String requestId,
            String principal,
            boolean stream,
            InferenceResponse.@Nullable Timing timing) {

        @Override
        public String toString() {
            return method + " " + printable(path) + " " + status + " " + nanos / 1000 + " µs"
                    + (timing == null
                            ? ""
                            : " (queue " + timing.queueNanos() / 1000 + " µs, compute " + timing.computeNanos() / 1000
                                    + " µs)")
                    + " id=" + requestId + " by " + principal;
        }
    }

    private final Logging config;
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;

    RequestLog(Logging config) {
        this.config = config;
        this.writer = Thread.ofVirtual().name("request-log").start(this::write);
    }

    void answered(Line line) {
        if ((config.access() || slow(line)) && !lines.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    private boolean slow(Line line) {
        return !line.stream() && line.nanos() > config.slow().toNanos();
    }

    /** A defect, with its stack trace, which no client gets to see. */
    void defect(String method, String path, String requestId, Throwable error) {
        LOG.error("{} {} id={} failed unexpectedly", method, printable(path), requestId, error);
    }

    /** Lines that were not written because too many waited. */
    long dropped() {
        return dropped.get();
    }

    private void write() {
        try {
            while (true) {
                write(lines.take());
            }
        } catch (InterruptedException e) {
            for (Line line = lines.poll(); line != null; line = lines.poll()) {
                write(line);
            }
        }
    }

    private void write(Line line) {
        if (slow(line)) {
            LOG.warn("slow: {}", line);
        } else {
            LOG.info("{}", line);
        }
    }

    private static String printable(String path) {
        String shown = path.length() > 300 ? path.substring(0, 300) + "…" : path;
        return shown.chars().anyMatch(c -> c < 0x20 || c == 0x7f) ? shown.replaceAll("\\p{Cntrl}", "?") : shown;
    }

    /** Writes what waits. */
    @Override
    public void close() {
        writer.interrupt();
        try {
            var _ = writer.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
