package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.VersionState;
import org.jspecify.annotations.Nullable;

/**
 * A version as observed here.
 *
 * @param failure why it is {@code FAILED}, if it is
 * @param loaded what answers for it, in memory or on demand; null when nothing does
 */
public record VersionView(
        VersionRecord record,
        Manifest manifest,
        Settings settings,
        VersionState state,
        @Nullable Failure failure,
        @Nullable LoadedVersion loaded) {

    /** Whether it can answer, now or on demand. */
    public boolean ready() {
        return loaded != null && loaded.ready();
    }

    /** Whether it holds memory. */
    public boolean inMemory() {
        return loaded != null && loaded.memory() > 0;
    }
}
