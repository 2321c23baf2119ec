package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server to measure, in a process of its own.
 *
 * @param url what is posted to
 */
public record Served(String name, URI url, ProcessHandle process) {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** A server that somebody else has started: {@code name=url,pid}. */
    static Served of(String text) {
        int equals = text.indexOf('=');
        int comma = text.lastIndexOf(',');
        if (equals < 1 || comma < equals) {
            throw new IllegalArgumentException("peer '" + text + "' must be name=url,pid");
        }
        long pid = Long.parseLong(text.substring(comma + 1));
        ProcessHandle process = ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalArgumentException("peer '" + text + "': no process " + pid));
        return new Served(text.substring(0, equals), URI.create(text.substring(equals + 1, comma)), process);
    }

    /** The same server, posted to elsewhere. */
    public Served at(String other, String path) {
        return new Served(other, url.resolve(path), process);
    }

    /** The processor time that its process and their children have had. */
    public Duration processorTime() {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Posts until it answers well. */
    public Served answering(Post post) throws InterruptedException {
        ClosedLoop once = new ClosedLoop(this, post, 1);
        return await(() -> once.run(Duration.ofNanos(1)));
    }

    /** Waits until a Slipway says that everything which should serve does. */
    public Served ready() throws InterruptedException {
        return await(() -> {
            HttpURLConnection asked =
                    (HttpURLConnection) url.resolve("/health/ready").toURL().openConnection();
            if (asked.getResponseCode() != 200) {
                throw new IOException("status " + asked.getResponseCode());
            }
        });
    }

    /** Waits until it takes connections. */
    public Served listening() throws InterruptedException {
        return await(() -> new Socket(url.getHost(), url.getPort()).close());
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private Served await(Attempt attempt) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (; ; ) {
            try {
                attempt.run();
                return this;
            } catch (IOException | RuntimeException e) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IllegalStateException(name + " at " + url + " does not answer", e);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }
}
