package dev.slipway.tasks;

import dev.slipway.core.Count;
import dev.slipway.core.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a tabular model, and rows by name or by position read against them.
 *
 * @param named whether callers may use the names; without, they are only positions
 */
record Table(List<Column> columns, boolean named) {

    Table {
        columns = List.copyOf(columns);
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** A row's cells as they will lie in tensors; null after noting faults. */
    @Nullable
    List<Object> row(@Nullable Object value, List<Object> path, Faults faults) {
        return switch (value) {
            case Map<?, ?> map -> byName(map, path, faults);
            case List<?> list -> byPosition(list, path, faults);
            case null, default -> {
                faults.add(
                        path,
                        named ? "an object of columns or a list of values" : "a list of values",
                        Faults.describe(value));
                yield null;
            }
        };
    }

    private @Nullable List<Object> byName(Map<?, ?> map, List<Object> path, Faults faults) {
        if (!named) {
            faults.add(path, "a list of " + columns.size() + " values, as the model names no columns", "an object");
            return null;
        }
        List<Object> row = new ArrayList<>(columns.size());
        int taken = 0;
        for (Column column : columns) {
            Object value = map.get(column.name());
            List<Object> cell = Faults.with(path, column.name());
            if (value == null && !map.containsKey(column.name())) {
                faults.add(cell, "required", "nothing");
                continue;
            }
            taken++;
            add(row, column.cell(value, cell, faults));
        }
        if (taken < map.size()) {
            Set<String> known = new HashSet<>(names());
            for (Object name : map.keySet()) {
                if (!known.contains(String.valueOf(name))) {
                    faults.unknown(path, String.valueOf(name), names());
                }
            }
            return null;
        }
        return row.size() == columns.size() ? row : null;
    }

    private @Nullable List<Object> byPosition(List<?> list, List<Object> path, Faults faults) {
        if (list.size() != columns.size()) {
            String which = named ? " (" + Faults.list(names()) + ")" : "";
            faults.add(path, Count.of(columns.size(), "value") + which, Count.of(list.size(), "value"));
            return null;
        }
        List<Object> row = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Object step = named ? columns.get(i).name() : (Object) i;
            add(row, columns.get(i).cell(list.get(i), Faults.with(path, step), faults));
        }
        return row.size() == columns.size() ? row : null;
    }

    private static void add(List<Object> row, @Nullable Object cell) {
        if (cell != null) {
            row.add(cell);
        }
    }

    /**
     * The rows of CSV records. The first names the columns where one of its fields is the name of one, or none of them is
     * a value.
     */
    List<List<Object>> rows(List<Csv.Row> records, Faults faults) {
        boolean header = named && !records.isEmpty() && isHeader(records.getFirst());
        List<String> order = header ? header(records.getFirst(), faults) : names();
        if (!faults.none()) {
            return List.of();
        }
        Map<String, Integer> places = new HashMap<>();
        order.forEach(name -> places.put(name, places.size()));
        List<List<Object>> rows = new ArrayList<>();
        for (Csv.Row line : header ? records.subList(1, records.size()) : records) {
            List<Object> row = row(places, line, faults);
            if (row != null) {
                rows.add(row);
            }
        }
        return rows;
    }

    private boolean isHeader(Csv.Row line) {
        List<String> fields = line.fields().stream().map(String::strip).toList();
        if (!Collections.disjoint(fields, new HashSet<>(names()))) {
            return true;
        }
        Set<DataType> types = columns.stream().map(Column::dataType).collect(Collectors.toSet());
        return types.stream()
                .map(type -> new Column("", type))
                .allMatch(column -> fields.stream()
                        .allMatch(field -> column.dataType() != DataType.BYTES
                                && !field.isEmpty()
                                && column.fromText(field) instanceof String));
    }

    /** The columns in the order of a header; one that does not name each of them once is a fault. */
    private List<String> header(Csv.Row line, Faults faults) {
        List<Object> path = path(line);
        List<String> given = line.fields().stream().map(String::strip).toList();
        Set<String> missing = new LinkedHashSet<>(names());
        Set<String> known = Set.copyOf(missing);
        for (String name : given) {
            if (!known.contains(name)) {
                faults.unknown(path, name, names());
            } else if (!missing.remove(name)) {
                faults.add(path, "each column once", "'" + name + "' twice");
            }
        }
        missing.forEach(name -> faults.add(Faults.with(path, name), "required", "no such column"));
        return given;
    }

    private @Nullable List<Object> row(Map<String, Integer> places, Csv.Row line, Faults faults) {
        List<Object> path = path(line);
        List<String> fields = line.fields();
        if (fields.size() != places.size()) {
            faults.add(
                    path,
                    Count.of(columns.size(), "value") + (named ? " (" + Faults.list(names()) + ")" : ""),
                    Count.of(fields.size(), "value"));
            return null;
        }
        List<Object> row = new ArrayList<>(columns.size());
        for (Column column : columns) {
            Object value = column.fromText(fields.get(Objects.requireNonNull(places.get(column.name()))));
            add(row, column.cell(value, Faults.with(path, column.name()), faults));
        }
        return row.size() == columns.size() ? row : null;
    }

    private static List<Object> path(Csv.Row line) {
        return List.of("body", "line " + line.line());
    }
}
