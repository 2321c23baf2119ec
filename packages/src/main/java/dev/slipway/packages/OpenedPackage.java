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
 * @param name the name that it suggests
 * @param versions by number; a package without numbers has a single version under 0
 */
public record OpenedPackage(String name, SortedMap<Long, Version> versions) {

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

    /** Something worth telling. */
    public record Finding(Level level, String text) {

        /** Whether it is to be known or to be looked at. */
        public enum Level {
            INFO,
            WARNING
        }

        public static Finding info(String text) {
            return new Finding(Level.INFO, text);
        }

        public static Finding warning(String text) {
            return new Finding(Level.WARNING, text);
        }
    }
}
