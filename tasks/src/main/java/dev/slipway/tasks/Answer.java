package dev.slipway.tasks;

import dev.slipway.core.InferenceResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The answer to each instance in the words of a task. */
interface Answer {

    /** The fields of the answer to instance {@code i} of {@code instances}. */
    Map<String, @Nullable Object> prediction(
            InferenceResponse response, int i, int instances, Map<String, String> options, ScratchPool pool);

    /** The JSON schema of one prediction. */
    Map<String, Object> schema();

    /** One prediction as it is, or under {@code predictions} each when it is come to. */
    default Map<String, @Nullable Object> encode(
            TaskForm.Decoded decoded, InferenceResponse response, Map<String, String> options) {
        int instances = decoded.instances();
        if (!decoded.list()) {
            return prediction(response, 0, instances, options);
        }
        Iterable<Map<String, @Nullable Object>> predictions = () -> IntStream.range(0, instances)
                .mapToObj(i -> prediction(response, i, instances, options))
                .iterator();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("predictions", predictions);
        return answer;
    }

    private Map<String, @Nullable Object> prediction(
            InferenceResponse response, int i, int instances, Map<String, String> options) {
        try (ScratchPool pool = new ScratchPool()) {
            return prediction(response, i, instances, options, pool);
        }
    }

    /** The JSON schema of an answer to one instance or a list. */
    default Map<String, Object> document() {
        Map<String, Object> list = Schemas.open(
                Map.of("predictions", Schemas.list(schema(), 1, Bodies.MAX_INSTANCES)), List.of("predictions"));
        return Schemas.document(Schemas.oneOf(List.of(schema(), list)));
    }
}
