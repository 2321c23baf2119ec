package dev.slipway.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A CSV text with a header (RFC 4180: quotes, doubled quotes, line breaks within quotes). */
record CsvTable(List<String> header, List<List<String>> rows) {

    static CsvTable parse(String what, String text) {
        List<List<String>> records = records(text);
        if (records.size() < 2) {
            throw Trial.refused(what + ": a header and at least one row are needed");
        }
        List<String> header = records.getFirst();
        List<List<String>> rows = records.subList(1, records.size());
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).size() != header.size()) {
                throw Trial.refused(what + ": row " + (i + 1) + " has "
                        + rows.get(i).size() + " columns, the header " + header.size());
            }
        }
        return new CsvTable(header, rows);
    }

    private static List<List<String>> records(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ',') {
                fields.add(take(field));
            } else if (!quoted && c == '\n') {
                fields.add(take(field));
                records.add(fields);
                fields = new ArrayList<>();
            } else if (quoted || c != '\r') {
                field.append(c);
            }
        }
        fields.add(take(field));
        records.add(fields);
        records.removeIf(record -> record.size() == 1 && record.getFirst().isBlank());
        return records;
    }

    private static String take(StringBuilder field) {
        String text = field.toString();
        field.setLength(0);
        return text;
    }

    /** The values of one column, and the table without it. */
    Labelled splitOff(String what, String column) {
        int at = header.indexOf(column);
        if (at < 0) {
            throw Trial.refused(what + ": there is no column '" + column + "', there are " + header);
        }
        return new Labelled(
                new CsvTable(
                        without(header, at),
                        rows.stream().map(row -> without(row, at)).toList()),
                rows.stream().map(row -> row.get(at)).toList());
    }

    /** Rows, and the right answer to each. */
    record Labelled(CsvTable features, List<String> labels) {}

    private static List<String> without(List<String> row, int at) {
        List<String> rest = new ArrayList<>(row);
        rest.remove(at);
        return rest;
    }

    CsvTable part(int from, int to) {
        return new CsvTable(header, rows.subList(from, to));
    }

    String text() {
        StringBuilder text = new StringBuilder(line(header));
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> fields) {
        return fields.stream()
                .map(field -> field.matches("(?s).*[\",\r\n].*") ? '"' + field.replace("\"", "\"\"") + '"' : field)
                .collect(Collectors.joining(",", "", "\n"));
    }
}
