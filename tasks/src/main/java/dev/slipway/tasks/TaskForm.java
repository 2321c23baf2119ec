package dev.slipway.tasks;

import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The friendly form of one version's task: what callers send becomes tensors of the graph, and tensors become what
 * callers get. Made once per version by {@link TaskForms}; keeps no state between calls.
 */
public interface TaskForm {

    /**
     * What a caller sent.
     *
     * @param contentType without parameters, lower case
     * @param boundary the parameter of that name, of {@code multipart/form-data}
     * @param content the bytes as a tensor of any type; stay the caller's
     * @param stillWanted throws when nobody waits any more; looked at between pieces of long work
     */
    record Body(String contentType, @Nullable String boundary, TensorLease content, Runnable stillWanted) {

        private static final Pattern BOUNDARY =
                Pattern.compile(";\\s*boundary=(?:\"([^\"]*)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);

        /** A body under its whole {@code Content-Type} header, parameters and all. */
        public Body(String header, TensorLease content) {
            this(header, content, () -> {});
        }

        /** The same for somebody who may not wait for all of it. */
        public Body(String header, TensorLease content, Runnable stillWanted) {
            this(mediaType(header), parameter(header), content, stillWanted);
        }

        /** The media type of a {@code Content-Type} header, without parameters and in lower case. */
        public static String mediaType(String header) {
            int parameters = header.indexOf(';');
            return (parameters < 0 ? header : header.substring(0, parameters))
                    .strip()
                    .toLowerCase(Locale.ROOT);
        }

        private static @Nullable String parameter(String header) {
            Matcher matcher = BOUNDARY.matcher(header);
            if (!matcher.find()) {
                return null;
            }
            return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        }
    }

    /** The tensors of a request, and whether the caller sent a list and so gets a list. */
    record Decoded(List<NamedTensor> inputs, int instances, boolean list) {}

    /**
     * Decodes a body.
     *
     * @throws dev.slipway.core.FailureException {@code BadInput} with a fault for everything wrong, its path beginning
     *     with {@code body}; {@code Unsupported} for a content type that the task does not take; {@code TooLarge}
     */
    Decoded decode(Body body, TensorPool pool);

    /**
     * Decodes Java values: a map of columns, a list of numbers, {@code byte[]} of an image, a map of tensors by name as
     * nested lists, or a list of these.
     */
    Decoded decode(Object value, TensorPool pool);

    /**
     * The answer, as maps, lists, strings and numbers: one prediction, or {@code predictions} with one per instance, an
     * {@code Iterable} that makes each when it is come to, so that many never stand side by side: to be gone through
     * before the response is closed. For the tensors task tensors stand as {@link dev.slipway.core.Tensor} and are written by the JSON writer.
     *
     * @param options from the query: {@code top}
     */
    Map<String, @Nullable Object> encode(Decoded decoded, InferenceResponse response, Map<String, String> options);

    /** The JSON schema (2020-12) of a request body. */
    Map<String, Object> requestSchema();

    /** The JSON schema (2020-12) of an answer. */
    Map<String, Object> responseSchema();

    /** An example request body, as JSON values, that succeeds. */
    Object example();

    /** The content types that {@link #decode(Body, TensorPool)} takes; {@code image/*} stands for all of that kind. */
    List<String> contentTypes();

    /** Whether {@link #decode(Body, TensorPool)} takes a content type, without parameters and in lower case. */
    default boolean takes(String contentType) {
        for (String taken : contentTypes()) {
            boolean all = taken.endsWith("/*") && contentType.startsWith(taken.substring(0, taken.length() - 1));
            if (all || taken.equals(contentType)) {
                return true;
            }
        }
        return contentType.endsWith("+json");
    }
}
