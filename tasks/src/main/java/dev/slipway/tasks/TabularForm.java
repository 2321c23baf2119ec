package dev.slipway.tasks;

import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a table in, as an object, a list of values, a list of either, or CSV; an {@link Answer} for each out. */
final class TabularForm implements TaskForm {

    private static final String CSV = "text/csv";

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
        if (Bodies.isJson(body.contentType())) {
            return plain(Bodies.json(body, JsonReader::value), pool);
        }
        if (body.contentType().equals(CSV)) {
            return decode(Csv.read(body.content().tensor().data(), Bodies.MAX_INSTANCES + 1), pool);
        }
        throw Bodies.unsupported(task, body.contentType(), contentTypes());
    }

    @Override
    public Decoded decode(Object value, TensorPool pool) {
        return plain(Bodies.plain(value), pool);
    }

    private Decoded decode(List<Csv.Row> records, TensorPool pool) {
        Faults faults = new Faults();
        List<List<Object>> rows = table.rows(records, faults);
        Bodies.requireFew(rows.size());
        if (rows.isEmpty() && faults.none()) {
            faults.add(Bodies.BODY, "at least one row", "none");
        }
        faults.throwIfAny();
        return new Decoded(inputs.tensors(rows, pool), rows.size(), true);
    }

    private Decoded plain(@Nullable Object value, TensorPool pool) {
        boolean many = isMany(value);
        List<?> given = many && value instanceof List<?> list ? list : Collections.singletonList(value);
        Bodies.requireFew(given.size());
        Faults faults = new Faults();
        if (given.isEmpty()) {
            faults.add(Bodies.BODY, "at least one row", "none");
        }
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            List<Object> row = table.row(given.get(i), many ? List.of("body", i) : Bodies.BODY, faults);
            if (row != null) {
                rows.add(row);
            }
        }
        faults.throwIfAny();
        List<NamedTensor> tensors = inputs.tensors(rows, pool);
        return new Decoded(tensors, rows.size(), many);
    }

    private static boolean isMany(@Nullable Object value) {
        return value instanceof List<?> list
                && (list.isEmpty() || list.getFirst() instanceof Map<?, ?> || list.getFirst() instanceof List<?>);
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
