package dev.slipway.tasks;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.json.JsonReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the forms have in common in reading bodies. */
final class Bodies {

    static final List<Object> BODY = List.of("body");
    static final int MAX_INSTANCES = 10_000;
    static final String JSON = "application/json";

    private Bodies() {}

    static FailureException unsupported(String task, String contentType, List<String> taken) {
        return new FailureException(new Failure.Unsupported("content type " + Quoted.of(contentType)
                + " is not taken by " + task + "; send " + Faults.list(taken)));
    }

    static boolean isJson(String contentType) {
        return contentType.equals(JSON) || contentType.endsWith("+json");
    }

    static void requireFew(int instances) {
        if (instances > MAX_INSTANCES) {
            throw new FailureException(new Failure.TooLarge(
                    "more than " + MAX_INSTANCES + " instances given, which is the most of one request"));
        }
    }

    /** Reads the whole of a JSON body. */
    static <T extends @Nullable Object> T json(TaskForm.Body body, Function<JsonReader, T> read) {
        JsonReader reader = new JsonReader(body.content().tensor().data());
        T value = read.apply(reader);
        reader.end();
        return value;
    }

    /** Java values with arrays as lists, as the JSON of them would be read. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            map.forEach((name, member) -> plain.put(String.valueOf(name), plain(member)));
            return plain;
        }
        if (value instanceof Iterable<?> list) {
            List<@Nullable Object> plain = new ArrayList<>();
            list.forEach(element -> plain.add(plain(element)));
            return plain;
        }
        if (value != null && value.getClass().isArray() && !(value instanceof byte[])) {
            List<@Nullable Object> plain = new ArrayList<>();
            for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) {
                plain.add(plain(java.lang.reflect.Array.get(value, i)));
            }
            return plain;
        }
        return value;
    }

    /** The failure of a part, with {@code path} before the paths of its faults. */
    static FailureException under(List<Object> path, FailureException e) {
        if (!(e.failure() instanceof Failure.BadInput bad)
                || bad.malformed()
                || bad.faults().isEmpty()) {
            return e;
        }
        List<Failure.Fault> faults = bad.faults().stream()
                .map(fault -> {
                    List<Object> whole = new ArrayList<>(path);
                    whole.addAll(fault.path());
                    return new Failure.Fault(whole, fault.rule(), fault.given());
                })
                .toList();
        return new FailureException(Failure.BadInput.of(faults), e);
    }
}
