package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.TensorLease;
import dev.slipway.json.Json;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonWriter;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** JSON documents in and out. */
final class Documents {

    private Documents() {}

    static Buffer buffer(@Nullable Object document) {
        JsonWriter writer = new JsonWriter().value(document).endLine();
        return NativeBuffers.of(writer.buffer(), writer.size());
    }

    static Buffer pretty(@Nullable Object document) {
        return Buffer.buffer((Json.pretty(document) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static void answer(Exchange exchange, int status, @Nullable Object document) {
        exchange.respond(status, "application/json", buffer(document));
    }

    /** The members of a body, none for an empty one; gives the body back. */
    static Map<String, @Nullable Object> object(TensorLease body) {
        try (body) {
            if (body.tensor().shape().elements() == 0) {
                return new LinkedHashMap<>();
            }
            JsonReader reader = new JsonReader(body.tensor().data());
            Object document = reader.value();
            reader.end();
            if (!(document instanceof Map<?, ?> members)) {
                throw new FailureException(Failure.BadInput.of("the body must be a JSON object"));
            }
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            members.forEach((name, value) -> named.put(String.valueOf(name), value));
            return named;
        }
    }

    /** Refuses members that are not known, by name. */
    static void requireKnown(Map<String, @Nullable Object> members, Set<String> known) {
        for (Map.Entry<String, @Nullable Object> member : members.entrySet()) {
            if (!known.contains(member.getKey())) {
                throw new FailureException(Failure.BadInput.of(List.of(new Failure.Fault(
                        List.of("body", member.getKey()),
                        "one of " + String.join(", ", new TreeSet<>(known)),
                        "an unknown field"))));
            }
        }
    }
}
