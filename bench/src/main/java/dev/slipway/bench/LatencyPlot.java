package dev.slipway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Latencies by percentile as an SVG picture: percentiles from left to right, each nine as wide as the one before, up is slower. */
public final class LatencyPlot {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int TOP = 24;
    private static final int BOTTOM = 48;
    private static final int LEGEND = 220;
    private static final double NINES = 4;
    private static final int POINTS = 160;
    private static final double[] MARKED = {50, 90, 99, 99.9, 99.99};
    private static final String[] COLORS = {
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"
    };

    private final List<Line> lines = new ArrayList<>();

    private record Line(String name, Measurement measurement) {}

    /** Adds a line; a measurement without an answer is left out. */
    public LatencyPlot line(String name, Measurement measurement) {
        if (measurement.answered() > 0) {
            lines.add(new Line(name, measurement));
        }
        return this;
    }

    /** The picture. */
    public String svg() {
        double top = lines.stream()
                .mapToDouble(line -> line.measurement().millis(shown(1)))
                .max()
                .orElse(1);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH - LEGEND + Math.max(LEGEND, legend()),
                HEIGHT));
        grid(svg, top);
        for (int i = 0; i < lines.size(); i++) {
            line(svg, i, top);
        }
        return svg.append("</svg>\n").toString();
    }

    /** The width that the longest name takes beside its mark. */
    private int legend() {
        return 50
                + 7
                        * lines.stream()
                                .mapToInt(line -> line.name().length())
                                .max()
                                .orElse(0);
    }

    private static void grid(StringBuilder svg, double top) {
        for (double percent : MARKED) {
            double x = x(percent);
            text(
                    svg,
                    x,
                    HEIGHT - BOTTOM + 18,
                    "middle",
                    Double.toString(percent).replaceAll("\\.0$", "") + " %");
            stroke(svg, x, TOP, x, HEIGHT - BOTTOM);
        }
        for (double share : new double[] {0, 0.25, 0.5, 0.75, 1}) {
            double y = y(share * top, top);
            text(svg, LEFT - 8, y + 4, "end", String.format(Locale.ROOT, "%.3g ms", share * top));
            stroke(svg, LEFT, y, WIDTH - LEGEND, y);
        }
        text(svg, (LEFT + WIDTH - LEGEND) / 2.0, HEIGHT - 10, "middle", "requests answered within");
    }

    private void line(StringBuilder svg, int index, double top) {
        Line line = lines.get(index);
        String color = COLORS[index % COLORS.length];
        StringBuilder points = new StringBuilder();
        DoubleStream.iterate(0, share -> share <= 1, share -> share + 1.0 / POINTS)
                .forEach(share -> points.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        x(shown(share)),
                        y(line.measurement().millis(shown(share)), top))));
        svg.append(String.format(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
                color, points.toString().strip()));
        double y = TOP + 16 + 18.0 * index;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%.0f\" width=\"12\" height=\"12\" fill=\"%s\"/>%n",
                WIDTH - LEGEND + 16,
                y - 10,
                color));
        text(svg, WIDTH - LEGEND + 34, y, "start", line.name());
    }

    /** The percentile at a share of the width. */
    private static double shown(double share) {
        return 100 * (1 - Math.pow(10, -NINES * share));
    }

    private static double x(double percent) {
        double share = -Math.log10(1 - percent / 100) / NINES;
        return LEFT + share * (WIDTH - LEGEND - LEFT);
    }

    private static double y(double millis, double top) {
        return HEIGHT - BOTTOM - millis / top * (HEIGHT - BOTTOM - TOP);
    }

    private static void stroke(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped));
    }
}
