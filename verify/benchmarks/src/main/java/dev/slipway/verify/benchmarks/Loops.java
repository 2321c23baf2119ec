package dev.slipway.verify.benchmarks;

import dev.slipway.core.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A program without a network: threads each of which does the same again once it has done it. A line with nanoseconds on
 * its input makes it work that long and answer with a line: runs, seconds, and the quantiles of their times.
 */
public final class Loops {

    private final List<Contender> contenders;
    private final ExecutorService threads;

    private Loops(int threads, Supplier<Contender> contenders) {
        this.contenders = List.copyOf(
                java.util.stream.Stream.generate(contenders).limit(threads).toList());
        this.threads = Executors.newFixedThreadPool(threads);
    }

    /** Takes a number of threads, a kind of loop, a folder to write to, a model as described, and what the kind takes. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[2]);
        BenchmarkModel model = described(Arrays.copyOfRange(arguments, 3, 8));
        Loops loops = new Loops(
                Integer.parseInt(arguments[0]),
                switch (arguments[1]) {
                    case "engine" -> () -> new BareContender(model, folder, Integer.parseInt(arguments[8]));
                    case "embed" -> EmbedContender.all(model, Boolean.parseBoolean(arguments[8]));
                    case "jackson" -> {
                        byte[] text = Files.readAllBytes(Path.of(arguments[8]));
                        yield () -> new JacksonContender(text);
                    }
                    default -> throw new IllegalArgumentException("loop '" + arguments[1] + "' is unknown");
                });
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            Window window = loops.run(Long.parseLong(line));
            System.out.println(String.format(
                    Locale.ROOT,
                    "%d %f %f %f %f",
                    window.requests(),
                    window.seconds(),
                    window.median(),
                    window.late(),
                    window.latest()));
        }
        Runtime.getRuntime().halt(0);
    }

    /** A model as arguments of this program. */
    static List<String> describe(BenchmarkModel model) {
        return List.of(
                model.file().toString(),
                model.input(),
                Arrays.toString(model.inputShape().toArray()),
                model.output(),
                Arrays.toString(model.outputShape().toArray()));
    }

    private static BenchmarkModel described(String... model) {
        return BenchmarkModel.of("", Path.of(model[0]), model[1], shape(model[2]), model[3], shape(model[4]));
    }

    private static Shape shape(String text) {
        return Shape.of(Arrays.stream(text.substring(1, text.length() - 1).split(", ", -1))
                .mapToLong(Long::parseLong)
                .toArray());
    }

    private Window run(long nanos) {
        long began = System.nanoTime();
        long end = began + nanos;
        List<CompletableFuture<Latencies>> working = new ArrayList<>();
        for (Contender contender : contenders) {
            working.add(CompletableFuture.supplyAsync(() -> loop(contender, end), threads));
        }
        Latencies all = new Latencies();
        working.forEach(one -> all.addAll(one.join()));
        return all.window((System.nanoTime() - began) / 1e9, 0);
    }

    private static Latencies loop(Contender contender, long end) {
        Latencies latencies = new Latencies();
        long now = System.nanoTime();
        do {
            contender.run();
            long done = System.nanoTime();
            latencies.add(done - now);
            now = done;
        } while (now < end);
        return latencies;
    }
}
