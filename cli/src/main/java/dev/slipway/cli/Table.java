package dev.slipway.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Rows under headers, each column as wide as its widest cell; the last one folds where a person sees no more. */
final class Table {

    private static final int LEAST = 20;

    private final Output output;
    private final List<String> headers;
    private final List<List<String>> rows = new ArrayList<>();

    Table(Output output, String... headers) {
        this.output = output;
        this.headers = List.of(headers);
    }

    /** Adds a row with a cell for each header. */
    Table row(String... cells) {
        if (cells.length != headers.size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells given, the table has " + headers.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(output.bold(line(headers))).append('\n');
        rows.forEach(
                row -> folded(row).forEach(cells -> text.append(line(cells)).append('\n')));
        return text.toString();
    }

    /** A row as one that fits, followed by rows of nothing but the rest of its last cell. */
    private List<List<String>> folded(List<String> row) {
        int last = headers.size() - 1;
        int before = IntStream.range(0, last).map(column -> width(column) + 2).sum();
        int room = Math.max(LEAST, output.columns() - before);
        List<List<String>> lines = new ArrayList<>();
        String rest = row.get(last);
        while (rest.length() > room) {
            int space = rest.lastIndexOf(' ', room);
            int end = space > 0 ? space : room;
            lines.add(with(row, last, rest.substring(0, end)));
            rest = rest.substring(end).strip();
            row = Collections.nCopies(headers.size(), "");
        }
        lines.add(with(row, last, rest));
        return lines;
    }

    private static List<String> with(List<String> row, int column, String cell) {
        List<String> changed = new ArrayList<>(row);
        changed.set(column, cell);
        return changed;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell);
            if (column + 1 < cells.size()) {
                line.repeat(' ', width(column) - cell.length() + 2);
            }
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return Math.max(
                headers.get(column).length(),
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
}
