package dev.slipway.embed;

import dev.slipway.core.Settings;
import org.jspecify.annotations.Nullable;

/**
 * How a model is opened.
 *
 * @param settings how it is run; null takes what its package says, else the defaults
 * @param batching whether calls that wait at the same time may share a run, where a probe shows that rows do not
 *     influence each other; those of a package that calls itself batchable may in any case
 */
public record Options(@Nullable Settings settings, boolean batching) {

    public static final Options DEFAULT = new Options(null, false);

    public Options with(Settings other) {
        return new Options(other, batching);
    }

    public Options withBatching() {
        return new Options(settings, true);
    }
}
