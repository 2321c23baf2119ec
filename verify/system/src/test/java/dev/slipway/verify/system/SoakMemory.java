package dev.slipway.verify.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a server's process holds, looked at again and again: live heap after a collection, and what the system sees. */
final class SoakMemory {

    /** How much more the last third may hold than the first after warming up. */
    private static final double MARGIN = 1.05;

    private static final long HEAP_SLACK = 4 << 20;
    private static final long RESIDENT_SLACK = 16 << 20;

    private final long pid;
    private final int port;
    private final Path table;
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(long seconds, long asked, long heap, long resident, long threads, long files) {}

    /** @param table where a line of each sample goes, as CSV */
    SoakMemory(long pid, int port, Path table) throws IOException {
        this.pid = pid;
        this.port = port;
        this.table = table;
        Files.createDirectories(table.toAbsolutePath().getParent());
        Files.writeString(table, "seconds,asked,heap_live_bytes,resident_bytes,threads,open_files\n");
    }

    /** Lets the server collect its garbage and looks; what it saw, for people. */
    String sample(Duration since, long asked) throws IOException, InterruptedException {
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        long files;
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            files = open.count();
        }
        Sample sample = new Sample(since.toSeconds(), asked, heap(), status("VmRSS:") << 10, status("Threads:"), files);
        samples.add(sample);
        Files.writeString(
                table,
                String.format(
                        Locale.ROOT,
                        "%d,%d,%d,%d,%d,%d%n",
                        sample.seconds(),
                        sample.asked(),
                        sample.heap(),
                        sample.resident(),
                        sample.threads(),
                        sample.files()),
                StandardOpenOption.APPEND);
        return String.format(
                Locale.ROOT,
                "%5d s: heap %.1f MB, resident %.1f MB, %d threads, %d files",
                sample.seconds(),
                sample.heap() / 1e6,
                sample.resident() / 1e6,
                sample.threads(),
                files);
    }

    private long heap() throws IOException {
        return metrics(port)
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    static String metrics(int port) throws IOException {
        return RawConnection.once(port, "GET", "/metrics").text();
    }

    private long status(String name) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has grown from the first third to the last, without the first fifth of all, in which it warms up. */
    List<String> grown() {
        List<String> grown = new ArrayList<>();
        List<Sample> warm = samples.subList(samples.size() / 5, samples.size());
        compare(grown, "live heap", warm, Sample::heap, HEAP_SLACK);
        compare(grown, "resident memory", warm, Sample::resident, RESIDENT_SLACK);
        compare(grown, "threads", warm, Sample::threads, 8);
        compare(grown, "open files", warm, Sample::files, 16);
        return grown;
    }

    private static void compare(
            List<String> grown, String what, List<Sample> samples, ToLongFunction<Sample> of, long slack) {
        int third = samples.size() / 3;
        long first = median(samples.subList(0, third), of);
        long last = median(samples.subList(samples.size() - third, samples.size()), of);
        if (last > first * MARGIN + slack) {
            grown.add(what + " grew from " + first + " to " + last);
        }
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> of) {
        return samples.stream()
                .mapToLong(of)
                .sorted()
                .skip(samples.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
