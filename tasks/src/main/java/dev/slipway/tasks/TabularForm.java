package dev.slipway.tasks;

import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonReader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rows of a table in, as an object, a list of values, a list of either, or CSV; an {@link Answer} for each out. */
final class TabularForm implements TaskForm {

    private static final String CSV = "text/csv";
    private static final int ONE = -1;

    private final String task;
    private final TabularInputs inputs;
    private final Table table;
    private final Answer answer;

    TabularForm(Manifest manifest, Steps steps, Answer answer) {
        this.task = manifest.task().id();
        this.inputs = TabularInputs.of(manifest, steps);
        this.table = inputs.table();
        this.answer = answer;
    }

    @Override
    public Decoded decode(Body body, TensorPool pool) {
        MemorySegment content = body.content().tensor().data();
        if (Bodies.isJson(body.contentType())) {
            return json(new JsonReader(content), pool);
        }
        if (body.contentType().equals(CSV)) {
            return csv(content, pool);
        }
        throw Bodies.unsupported(task, body.contentType(), contentTypes());
    }

    /** Looks twice: at how many rows there are, and at each of them. */
    private Decoded json(JsonReader reader, TensorPool pool) {
        int rows = rows(reader.reread(reader.position()));
        if (rows == ONE) {
            Object row = table.read(reader);
            reader.end();
            return one(row, pool);
        }
        reader.beginArray();
        return many(rows, () -> reader.nextElement() ? table.read(reader) : null, pool);
    }

    private static int rows(JsonReader reader) {
        if (reader.peek() != JsonReader.Token.ARRAY) {
            return ONE;
        }
        int rows = 0;
        reader.beginArray();
        while (reader.nextElement()) {
            boolean row = reader.peek() == JsonReader.Token.OBJECT || reader.peek() == JsonReader.Token.ARRAY;
            if (rows == 0 && !row) {
                return ONE;
            }
            reader.skip();
            Bodies.requireFew(++rows);
        }
        reader.end();
        return rows;
    }

    @Override
    public Decoded decode(Object value, TensorPool pool) {
        Object plain = Bodies.plain(value);
        return plain instanceof List<?> list && isMany(list)
                ? many(list.size(), list.iterator()::next, pool)
                : one(plain, pool);
    }

    private static boolean isMany(List<?> list) {
        return list.isEmpty() || list.getFirst() instanceof Map<?, ?> || list.getFirst() instanceof List<?>;
    }

    private Decoded one(@Nullable Object row, TensorPool pool) {
        return decoded(1, false, faults -> table.row(row, Bodies.BODY, faults), pool);
    }

    private Decoded many(int count, Supplier<@Nullable Object> next, TensorPool pool) {
        int[] i = {0};
        return decoded(count, true, faults -> table.row(next.get(), List.of("body", i[0]++), faults), pool);
    }

    private Decoded csv(MemorySegment content, TensorPool pool) {
        Csv lines = new Csv(content, table.columns().size() + Faults.MOST);
        Csv.Row first = lines.next();
        Map<String, Integer> named = first != null && table.isHeader(first) ? table.places(first) : null;
        boolean header = named != null;
        Map<String, Integer> places = named == null ? table.places() : named;
        Csv rows = header ? lines : new Csv(content, table.columns().size());
        int count = Csv.count(content, Bodies.MAX_INSTANCES + 2) - (header ? 1 : 0);
        return decoded(count, true, faults -> table.row(places, Objects.requireNonNull(rows.next()), faults), pool);
    }

    /** Takes so many rows, each checked and null after faults. */
    private Decoded decoded(int count, boolean list, Function<Faults, @Nullable List<Object>> next, TensorPool pool) {
        Bodies.requireFew(count);
        if (count == 0) {
            throw Faults.one(Bodies.BODY, "at least one row", "none");
        }
        Faults faults = new Faults();
        try (TabularInputs.Filling filling = inputs.filling(count, pool)) {
            for (int i = 0; i < count; i++) {
                List<Object> row = next.apply(faults);
                if (row != null) {
                    filling.add(row);
                }
            }
            faults.throwIfAny();
            return new Decoded(filling.finish(), count, list);
        }
    }

    @Override
    public Map<String, @Nullable Object> encode(
            Decoded decoded, InferenceResponse response, Map<String, String> options) {
        return answer.encode(decoded, response, options);
    }

    @Override
    public Map<String, Object> requestSchema() {
        List<Map<String, Object>> one = new ArrayList<>();
        if (table.named()) {
            Map<String, Object> properties = new LinkedHashMap<>();
            table.columns().forEach(column -> properties.put(column.name(), Schemas.element(column.dataType())));
            one.add(Schemas.object(properties, table.names()));
        }
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("type", "array");
        list.put(
                "prefixItems",
                table.columns().stream()
                        .map(column -> {
                            Map<String, Object> cell = Schemas.element(column.dataType());
                            cell.put("title", column.name());
                            return cell;
                        })
                        .toList());
        list.put("minItems", table.columns().size());
        list.put("maxItems", table.columns().size());
        one.add(list);
        List<Map<String, Object>> all = new ArrayList<>(one);
        all.add(Schemas.list(Schemas.oneOf(one), 1, Bodies.MAX_INSTANCES));
        return Schemas.document(Schemas.oneOf(all));
    }

    @Override
    public Map<String, Object> responseSchema() {
        return answer.document();
    }

    @Override
    public Object example() {
        if (!table.named()) {
            return table.columns().stream()
                    .map(column -> Schemas.exampleElement(column.dataType()))
                    .toList();
        }
        Map<String, Object> row = new LinkedHashMap<>();
        table.columns().forEach(column -> row.put(column.name(), Schemas.exampleElement(column.dataType())));
        return row;
    }

    @Override
    public List<String> contentTypes() {
        return List.of(Bodies.JSON, CSV);
    }
}
