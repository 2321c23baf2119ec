package dev.slipway.protocols.slipway;

import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.Deployments.VersionView;
import dev.slipway.serving.LoadedVersion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies to try, in the documents of versions that can answer them. */
final class Examples {

    private static final int MOST_PARTS = 200;

    private Examples() {}

    /** Adds the example of a version's form as {@code example}, where the version is in memory and its example is small. */
    static void put(Map<String, @Nullable Object> document, Deployments deployments, VersionView version) {
        LoadedVersion loaded = version.loaded();
        if (loaded != null) {
            Object example = deployments.form(loaded).example();
            if (parts(example, MOST_PARTS) > 0) {
                document.put("example", example);
            }
        }
    }

    /** What is left of so many parts after those of a value; none are counted beyond them. */
    private static int parts(@Nullable Object value, int left) {
        int rest = left - 1;
        Iterable<?> inner =
                value instanceof Map<?, ?> map ? map.values() : value instanceof Iterable<?> list ? list : List.of();
        for (Object part : inner) {
            if (rest <= 0) {
                return 0;
            }
            rest = parts(part, rest);
        }
        return rest;
    }
}
