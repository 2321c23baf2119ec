package dev.slipway.verify.benchmarks;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A server to measure, in a process of its own.
 *
 * @param url what is posted to
 */
record Served(String name, URI url, ProcessHandle process) {

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

    /** The processor time that its process and their children have had. */
    Duration processorTime() {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }
}
