package dev.slipway.verify.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The {@link Loops} of a process of its own, told through its input for how long to work. */
final class LoopedProgram implements Subject {

    private final Served process;
    private final Writer input;
    private final BufferedReader output;

    private LoopedProgram(Served process, Writer input, BufferedReader output) {
        this.process = process;
        this.input = input;
        this.output = output;
    }

    static LoopedProgram start(
            Stage stage, String name, int threads, String kind, BenchmarkModel model, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(
                List.of(Integer.toString(threads), kind, stage.folder().toString()));
        all.addAll(Loops.describe(model));
        all.addAll(List.of(arguments));
        OwnProcess own = stage.started(OwnProcess.spokenTo(name, Loops.class, all));
        Process process = own.process();
        return new LoopedProgram(
                own.served(name, 0, "/"),
                process.outputWriter(StandardCharsets.UTF_8),
                process.inputReader(StandardCharsets.UTF_8));
    }

    @Override
    public String name() {
        return process.name();
    }

    @Override
    public Window run(Duration duration) throws IOException {
        Duration before = process.processorTime();
        input.write(duration.toNanos() + "\n");
        input.flush();
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the loop '" + name() + "' has ended");
        }
        double micros = process.processorTime().minus(before).toNanos() / 1e3;
        double[] told = Arrays.stream(line.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Window((long) told[0], told[1], micros / told[0], told[2], told[3], told[4]);
    }
}
