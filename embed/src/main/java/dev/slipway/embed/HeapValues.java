package dev.slipway.embed;

import dev.slipway.core.Elements;
import dev.slipway.core.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer's values free of tensor memory: every tensor becomes nested lists of numbers, booleans or text. */
final class HeapValues {

    private HeapValues() {}

    static @Nullable Object of(@Nullable Object value) {
        return switch (value) {
            case Tensor tensor -> Elements.nested(tensor);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((name, member) -> copy.put(String.valueOf(name), of(member)));
                yield copy;
            }
            case Iterable<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>();
                list.forEach(element -> copy.add(of(element)));
                yield copy;
            }
            case null, default -> value;
        };
    }
}
