package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headers, each column as wide as its widest cell. */
final class Table {

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
        rows.forEach(row -> text.append(line(row)).append('\n'));
        return text.toString();
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
