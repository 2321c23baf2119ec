package dev.slipway.packages;

import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What was found at a path: one or several versions of one model.
 *
 * @param kind what it is, for people: {@code ONNX file}, {@code Slipway package}, {@code folder of versions}
 * @param name the name that it suggests
 * @param versions by number; a package without numbers has a single version under 0
 */
public record OpenedPackage(String kind, String name, SortedMap<Long, Version> versions) {

    /**
     * One version.
     *
     * @param folder where its files are
     * @param files those that belong to it, relative to {@code folder}, with {@code /}
     * @param settings the first revision of its settings
     * @param findings what inspection found, a sentence each
     */
    public record Version(
            Path folder,
            List<String> files,
            Manifest manifest,
            @Nullable Settings settings,
            List<Finding> findings) {}

    /** Something worth telling: its level is {@code info} or {@code warning}. */
    public record Finding(String level, String text) {}
}
