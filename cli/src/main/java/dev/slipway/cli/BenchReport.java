package dev.slipway.cli;

import dev.slipway.bench.LatencyPlot;
import dev.slipway.bench.Load;
import dev.slipway.bench.Measurement;
import dev.slipway.bench.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What was measured of one or two servers, as rows: a row is a server under a load, over all rounds. */
final class BenchReport {

    private final List<Row> rows = new ArrayList<>();

    /** The rounds of a server under a load; {@code base}: those of the server it is compared with, else empty. */
    private record Row(String server, List<Measurement> rounds, List<Measurement> base) {

        double median(ToDoubleFunction<Measurement> figure) {
            return middle(rounds.stream().mapToDouble(figure).sorted().toArray());
        }

        long sum(ToDoubleFunction<Measurement> figure) {
            return (long) rounds.stream().mapToDouble(figure).sum();
        }

        Load load() {
            return rounds.getFirst().load();
        }

        Map<String, Long> errors() {
            Map<String, Long> all = new TreeMap<>();
            for (Measurement round : rounds) {
                round.errors().forEach((text, count) -> all.merge(text, count, Long::sum));
                if (round.unanswered() > 0) {
                    all.merge("no answer in time", round.unanswered(), Long::sum);
                }
            }
            return all;
        }

        /** A figure of each round as a share of the base's in the same round, from least to most. */
        double[] ratios(ToDoubleFunction<Measurement> figure) {
            double[] ratios = new double[rounds.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = figure.applyAsDouble(rounds.get(i)) / figure.applyAsDouble(base.get(i));
            }
            Arrays.sort(ratios);
            return ratios;
        }
    }

    /** Adds what was measured under one load: for each server its rounds; the first server is the one that others are compared with. */
    void add(List<String> servers, List<List<Measurement>> measured) {
        for (int i = 0; i < servers.size(); i++) {
            rows.add(new Row(servers.get(i), measured.get(i), i == 0 ? List.of() : measured.getFirst()));
        }
    }

    static String load(Load load) {
        return switch (load) {
            case Load.Closed(int connections) -> connections + (connections == 1 ? " connection" : " connections");
            case Load.Open(double rate, int _) -> String.format(Locale.ROOT, "%.0f/s", rate);
        };
    }

    long answered() {
        return rows.stream().mapToLong(row -> row.sum(Measurement::answered)).sum();
    }

    long failed() {
        return rows.stream().mapToLong(row -> row.sum(Measurement::failed)).sum();
    }

    String people(Output output) {
        boolean compared = rows.stream().anyMatch(row -> !row.base().isEmpty());
        Table table = output.table(
                "LOAD", "ANSWERED/S", "P50", "P90", "P99", "P99.9", "FAILED", "BATCH", compared ? "SERVER" : "");
        for (Row row : rows) {
            table.row(
                    load(row.load()),
                    String.format(Locale.ROOT, "%.0f", row.median(Measurement::rate)),
                    millis(row, 50),
                    millis(row, 90),
                    millis(row, 99),
                    millis(row, 99.9),
                    Long.toString(row.sum(Measurement::failed)),
                    batch(row),
                    compared ? row.server() : "");
        }
        StringBuilder text = new StringBuilder(table.toString());
        rows.stream().filter(row -> !row.base().isEmpty()).forEach(row -> text.append(comparison(row)));
        for (Row row : rows) {
            row.errors()
                    .forEach((error, count) -> text.append('\n')
                            .append(count)
                            .append(" × ")
                            .append(error)
                            .append(" (")
                            .append(load(row.load()))
                            .append(compared ? ", " + row.server() : "")
                            .append(")\n"));
        }
        return text.toString();
    }

    private static String comparison(Row row) {
        return "\n" + load(row.load()) + ": " + row.server() + " answers " + range(row.ratios(Measurement::rate))
                + " times as many, with a p99 of " + range(row.ratios(round -> round.millis(99))) + " times, by "
                + row.rounds().size() + " rounds: median [least, most]\n";
    }

    private static String range(double[] ratios) {
        return String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", middle(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    /** The median of sorted values. */
    private static double middle(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static String millis(Row row, double percent) {
        double millis = row.median(round -> round.millis(percent));
        return Double.isNaN(millis) ? "-" : String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
    }

    private static String batch(Row row) {
        double batch = serverSide(row, Statistics::batch);
        return Double.isNaN(batch) ? "-" : String.format(Locale.ROOT, "%.1f", batch);
    }

    private static double serverSide(Row row, ToDoubleFunction<Statistics> figure) {
        return row.median(round -> round.statistics().map(figure::applyAsDouble).orElse(Double.NaN));
    }

    /** One object for each row. */
    List<Map<String, Object>> document() {
        return rows.stream().map(BenchReport::document).toList();
    }

    private static Map<String, Object> document(Row row) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("server", row.server());
        switch (row.load()) {
            case Load.Closed(int connections) -> document.put("concurrency", connections);
            case Load.Open(double rate, int connections) -> {
                document.put("rate", rate);
                document.put("connections", connections);
            }
        }
        document.put("rounds", row.rounds().size());
        document.put("seconds", row.rounds().getFirst().seconds());
        document.put("answered", row.sum(Measurement::answered));
        document.put("failed", row.sum(Measurement::failed));
        document.put("errors", row.errors());
        document.put("answered_per_second", row.median(Measurement::rate));
        Map<String, Object> latency = new LinkedHashMap<>();
        put(latency, "mean", row.median(Measurement::meanMillis));
        for (double percent : new double[] {50, 90, 95, 99, 99.9, 100}) {
            String name = percent == 100
                    ? "max"
                    : "p" + Double.toString(percent).replace(".0", "").replace('.', '_');
            put(latency, name, row.median(round -> round.millis(percent)));
        }
        document.put("latency_ms", latency);
        Map<String, Object> server = new LinkedHashMap<>();
        put(server, "queue_ms", serverSide(row, Statistics::queueMillis));
        put(server, "compute_ms", serverSide(row, Statistics::computeMillis));
        put(server, "batch", serverSide(row, Statistics::batch));
        document.put("server_side", server);
        return document;
    }

    private static void put(Map<String, Object> document, String name, double value) {
        if (!Double.isNaN(value)) {
            document.put(name, value);
        }
    }

    /** The latencies of the first round of each row as a picture. */
    String svg() {
        LatencyPlot plot = new LatencyPlot();
        boolean compared = rows.stream().anyMatch(row -> !row.base().isEmpty());
        for (Row row : rows) {
            plot.line(
                    load(row.load()) + (compared ? ", " + row.server() : ""),
                    row.rounds().getFirst());
        }
        return plot.svg();
    }
}
