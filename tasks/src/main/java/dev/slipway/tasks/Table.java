package dev.slipway.tasks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            faults.add(path, columns.size() + " values" + which, list.size() + " values");
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

    /** CSV records as rows: the first names the columns if one of its fields is the name of one. */
    List<Object> rows(List<List<String>> records) {
        List<String> names = names();
        boolean header = named
                && !records.isEmpty()
                && !Collections.disjoint(
                        records.getFirst().stream().map(String::strip).toList(), names);
        List<Object> rows = new ArrayList<>();
        List<String> order =
                header ? records.getFirst().stream().map(String::strip).toList() : names;
        for (List<String> record : header ? records.subList(1, records.size()) : records) {
            rows.add(header && record.size() == order.size() ? mapped(order, record) : listed(record));
        }
        return rows;
    }

    private Map<String, Object> mapped(List<String> order, List<String> record) {
        Map<String, Column> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column.name(), column));
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < order.size(); i++) {
            Column column = byName.get(order.get(i));
            Object value = column == null ? record.get(i) : column.fromText(record.get(i));
            if (row.put(order.get(i), value) != null) {
                throw Faults.one(Bodies.BODY, "each column once", "'" + order.get(i) + "' twice");
            }
        }
        return row;
    }

    private List<Object> listed(List<String> record) {
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < record.size(); i++) {
            row.add(i < columns.size() ? columns.get(i).fromText(record.get(i)) : record.get(i));
        }
        return row;
    }
}
