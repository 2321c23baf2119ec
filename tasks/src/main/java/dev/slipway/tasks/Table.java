package dev.slipway.tasks;

import dev.slipway.core.Count;
import dev.slipway.core.DataType;
import dev.slipway.json.JsonReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

    /**
     * The next value of a JSON text as a row may be given, its cells as far as they are: what is no row or no cell is
     * passed over, and stands for itself as something as empty of its kind.
     */
    @Nullable
    Object read(JsonReader reader) {
        return switch (reader.peek()) {
            case OBJECT -> object(reader);
            case ARRAY -> list(reader);
            default -> cell(reader);
        };
    }

    private Map<String, @Nullable Object> object(JsonReader reader) {
        Set<String> known = named ? new HashSet<>(names()) : Set.of();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            row.put(name, known.contains(name) ? cell(reader) : passed(reader));
        }
        return row;
    }

    private List<?> list(JsonReader reader) {
        List<@Nullable Object> row = new ArrayList<>(columns.size());
        int count = 0;
        reader.beginArray();
        while (reader.nextElement()) {
            if (count++ < columns.size()) {
                row.add(cell(reader));
            } else {
                reader.skip();
            }
        }
        return count > columns.size() ? Collections.nCopies(count, null) : row;
    }

    private static @Nullable Object cell(JsonReader reader) {
        return switch (reader.peek()) {
            case OBJECT -> {
                reader.skip();
                yield Map.of();
            }
            case ARRAY -> {
                reader.skip();
                yield List.of();
            }
            case STRING -> reader.string();
            default -> reader.value();
        };
    }

    private static @Nullable Object passed(JsonReader reader) {
        reader.skip();
        return null;
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

    /** Whether a line of CSV names the columns: one of its fields is the name of one, or none of them is a value. */
    boolean isHeader(Csv.Row line) {
        return named && namesColumns(line);
    }

    private boolean namesColumns(Csv.Row line) {
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

    /** The place of each column in the lines of a CSV file without a header. */
    Map<String, Integer> places() {
        return places(names());
    }

    private static Map<String, Integer> places(List<String> order) {
        Map<String, Integer> places = new HashMap<>();
        order.forEach(name -> places.put(name, places.size()));
        return places;
    }

    /** The place of each column under a header; one that does not name each of them once is refused. */
    Map<String, Integer> places(Csv.Row line) {
        Faults faults = new Faults();
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
        faults.throwIfAny();
        return places(given);
    }

    /** A line's cells as they will lie in tensors; null after noting faults. */
    @Nullable
    List<Object> row(Map<String, Integer> places, Csv.Row line, Faults faults) {
        List<Object> path = path(line);
        List<String> fields = line.fields();
        if (line.count() != places.size()) {
            faults.add(
                    path,
                    Count.of(columns.size(), "value") + (named ? " (" + Faults.list(names()) + ")" : ""),
                    Count.of(line.count(), "value"));
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
