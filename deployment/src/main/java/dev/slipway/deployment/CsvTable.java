package dev.slipway.deployment;

import dev.slipway.core.Count;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.tasks.Csv;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A CSV file with a header. */
record CsvTable(List<String> header, List<List<String>> rows) {

    /** @param what how refusals call it */
    static CsvTable read(String what, Path file) {
        List<List<String>> records = records(what, file);
        if (records.size() < 2) {
            throw Trial.refused(what + ": a header and at least one row are needed");
        }
        List<String> header = records.getFirst();
        List<List<String>> rows = records.subList(1, records.size());
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).size() != header.size()) {
                throw Trial.refused(what + ": row " + (i + 1) + " has "
                        + Count.of(rows.get(i).size(), "column") + ", the header " + header.size());
            }
        }
        return new CsvTable(header, rows);
    }

    private static List<List<String>> records(String what, Path file) {
        try {
            Csv lines = new Csv(MemorySegment.ofArray(Files.readAllBytes(file)), Integer.MAX_VALUE);
            List<List<String>> records = new ArrayList<>();
            for (Csv.Row line = lines.next(); line != null; line = lines.next()) {
                records.add(line.fields());
            }
            return records;
        } catch (FailureException e) {
            throw new FailureException(
                    Failure.BadInput.of(what + ": " + e.failure().detail()), e);
        } catch (IOException e) {
            throw new FailureException(Failure.BadInput.of(what + " cannot be read: " + e.getMessage()), e);
        }
    }

    /** The values of one column, and the table without it. */
    Labelled splitOff(String what, String column) {
        int at = header.indexOf(column);
        if (at < 0 || at != header.lastIndexOf(column)) {
            throw Trial.refused(
                    what + ": there " + (at < 0 ? "is no column '" : "are two columns '") + column + "' in " + header);
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
