package dev.slipway.verify.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The windows of all servers as a table in Markdown: medians, and ratios round by round with their range. */
final class HttpTable {

    private final PrintStream out;
    private final List<List<Window>> windows;

    HttpTable(PrintStream out, List<List<Window>> windows) {
        this.out = out;
        this.windows = windows;
    }

    void head(List<Served> all) {
        StringBuilder head = new StringBuilder("| server | CPU per request |");
        for (Served base : all) {
            head.append(" of ").append(base.name()).append("'s |");
        }
        out.println(head.append(" requests/s | p50 | p99 |"));
        out.println("|---" + "|---".repeat(all.size() + 4) + "|");
    }

    void row(String name, int server) {
        StringBuilder row = new StringBuilder("| " + name + " |");
        row.append(String.format(Locale.ROOT, " %.1f µs |", median(server, Window::processorMicros)));
        for (int base = 0; base < windows.size(); base++) {
            row.append(base == server ? " 1 |" : ratio(server, base));
        }
        row.append(String.format(Locale.ROOT, " %.0f |", median(server, Window::rate)));
        row.append(String.format(Locale.ROOT, " %.2f ms |", median(server, Window::median)));
        row.append(String.format(Locale.ROOT, " %.2f ms |", median(server, Window::late)));
        out.println(row);
    }

    private String ratio(int server, int base) {
        double[] ratios = IntStream.range(0, windows.get(base).size())
                .mapToDouble(round -> windows.get(server).get(round).processorMicros()
                        / windows.get(base).get(round).processorMicros())
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT, " %.2f [%.2f, %.2f] |", ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
    }

    private double median(int server, ToDoubleFunction<Window> measure) {
        double[] values =
                windows.get(server).stream().mapToDouble(measure).sorted().toArray();
        return values[values.length / 2];
    }
}
