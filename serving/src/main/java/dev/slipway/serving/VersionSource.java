package dev.slipway.serving;

import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import java.nio.file.Path;

/**
 * What is needed to load a version.
 *
 * @param folder the version's files under their own names
 */
public record VersionSource(ModelName model, long version, Path folder, Manifest manifest, Settings settings) {}
