package dev.slipway.graph;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Small real models. */
final class Models {

    private Models() {}

    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Models.class.getResource("/models/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
