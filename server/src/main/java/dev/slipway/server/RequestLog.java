package dev.slipway.server;

import dev.slipway.server.config.Logging;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines about requests: all of them if wanted, else those that failed here or were slow. Never makes one wait. */
final class RequestLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.slipway.server.requests");
    private static final int WAITING = 8192;

    private record Line(String method, String path, int status, long nanos, String requestId, String principal) {
        @Override
        public String toString() {
            return method + " " + printable(path) + " " + status + " " + nanos / 1000 + "us id=" + requestId + " by "
                    + principal;
        }
    }

    private final Logging config;
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final @Nullable Thread writer;

    RequestLog(Logging config) {
        this.config = config;
        this.writer = config.access() ? Thread.ofVirtual().name("access-log").start(this::write) : null;
    }

    void answered(String method, String path, int status, long nanos, String requestId, String principal) {
        if (config.access()) {
            if (!lines.offer(new Line(method, path, status, nanos, requestId, principal))) {
                dropped.incrementAndGet();
            }
        }
        if (nanos > config.slow().toNanos()) {
            LOG.warn("slow: {}", new Line(method, path, status, nanos, requestId, principal));
        }
    }

    /** A defect, with its stack trace, which no client gets to see. */
    void defect(String method, String path, String requestId, Throwable error) {
        LOG.error("{} {} id={} failed unexpectedly", method, printable(path), requestId, error);
    }

    long dropped() {
        return dropped.get();
    }

    private void write() {
        try {
            while (true) {
                LOG.info("{}", lines.take());
            }
        } catch (InterruptedException e) {
            for (Line line = lines.poll(); line != null; line = lines.poll()) {
                LOG.info("{}", line);
            }
        }
    }

    private static String printable(String path) {
        String shown = path.length() > 300 ? path.substring(0, 300) + "…" : path;
        return shown.chars().anyMatch(c -> c < 0x20 || c == 0x7f) ? shown.replaceAll("\\p{Cntrl}", "?") : shown;
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.interrupt();
        }
    }
}
