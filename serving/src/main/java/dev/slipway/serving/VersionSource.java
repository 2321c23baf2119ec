package dev.slipway.serving;

import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import java.nio.file.Path;

/** What is needed to load a version, now or later. */
public record VersionSource(ModelName model, long version, Folder folder, Manifest manifest, Settings settings) {

    /** Where the version's files are. */
    public interface Folder {

        /**
         * A folder with the files under their own names; asked before each load, may block.
         *
         * @throws dev.slipway.core.FailureException when they cannot be had
         */
        Path layOut();
    }

    /** A version whose files are there. */
    public VersionSource(ModelName model, long version, Path folder, Manifest manifest, Settings settings) {
        this(model, version, () -> folder, manifest, settings);
    }
}
