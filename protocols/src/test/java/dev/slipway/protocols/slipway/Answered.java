package dev.slipway.protocols.slipway;

import dev.slipway.json.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** An answer as a test looks at it. */
record Answered(HttpResponse<byte[]> response) {

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    String text() {
        return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    Object json() {
        return Json.parse(response.body());
    }

    /** The member at a path of names and positions. */
    Object at(Object... path) {
        Object value = json();
        for (Object step : path) {
            value = step instanceof Integer position ? ((List<?>) value).get(position) : ((Map<?, ?>) value).get(step);
        }
        return value;
    }
}
