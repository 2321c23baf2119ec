package dev.slipway.cli;

import java.util.List;
import java.util.Locale;

/** What a tuning tried, as a table with bars for people and as a picture. */
final class TuneReport {

    private static final int BAR = 24;
    private static final int ROW = 26;
    private static final int LEFT = 250;
    private static final int WIDTH = 760;
    private static final int LONGEST = 300;

    private final Document answer;
    private final List<Document> tried;
    private final double most;

    TuneReport(Document answer) {
        this.answer = answer;
        this.tried = answer.objects("tried");
        this.most = tried.stream().mapToDouble(one -> one.number("rate")).max().orElse(1);
    }

    String people(Output output) {
        Table table = output.table("INSTANCES", "THREADS", "BATCH", "ANSWERED/S", "", "P50", "P99", "");
        for (Document one : tried) {
            table.row(
                    one.text("instances"),
                    one.text("intra_op_threads"),
                    one.object("batching").text("max_size"),
                    String.format(Locale.ROOT, "%.0f", one.number("rate")),
                    "█".repeat((int) Math.round(BAR * one.number("rate") / most)),
                    millis(one.number("p50_ms")),
                    millis(one.number("p99_ms")),
                    mark(one));
        }
        return table + "\n" + verdict() + "\n";
    }

    private String verdict() {
        String where = " on " + answer.text("processor") + ", " + answer.text("cores") + " cores";
        String limit = answer.text("met").equals("false") ? "; nothing that was tried is within --p99" : "";
        if (answer.text("changed").equals("true")) {
            return "version " + answer.text("version") + " runs with " + best() + where + limit;
        }
        boolean present = tried.stream().anyMatch(one -> is(one, "present") && is(one, "best"));
        return (present ? "the present settings are best, or about as good" : "best would be " + best())
                + where
                + limit;
    }

    /** The best settings in a line. */
    String best() {
        return tried.stream()
                .filter(one -> is(one, "best"))
                .map(TuneReport::settings)
                .findFirst()
                .orElse("");
    }

    private static String settings(Document one) {
        return "instances " + one.text("instances") + ", intra_op_threads " + one.text("intra_op_threads")
                + ", batching.max_size " + one.object("batching").text("max_size");
    }

    private static String mark(Document one) {
        return is(one, "best") ? "best" : is(one, "present") ? "present" : "";
    }

    private static boolean is(Document one, String flag) {
        return one.text(flag).equals("true");
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
    }

    /** Answers a second as bars, with the 99th percentile beside them. */
    String svg() {
        int height = 40 + ROW * tried.size();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH,
                height));
        text(svg, LEFT, 20, "answered a second, p99");
        for (int i = 0; i < tried.size(); i++) {
            bar(svg, tried.get(i), 32 + ROW * i);
        }
        return svg.append("</svg>\n").toString();
    }

    private void bar(StringBuilder svg, Document one, int top) {
        double width = LONGEST * one.number("rate") / most;
        String what = one.text("instances") + " × " + one.text("intra_op_threads") + " threads, batch "
                + one.object("batching").text("max_size") + (mark(one).isEmpty() ? "" : " (" + mark(one) + ")");
        text(svg, 10, top + 14, what);
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>%n",
                LEFT,
                top,
                width,
                is(one, "best") ? "#009e73" : "#0072b2"));
        text(
                svg,
                LEFT + width + 8,
                top + 14,
                String.format(Locale.ROOT, "%.0f, %s", one.number("rate"), millis(one.number("p99_ms"))));
    }

    private static void text(StringBuilder svg, double x, double y, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>%n", x, y, text));
    }
}
