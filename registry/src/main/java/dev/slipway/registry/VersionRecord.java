package dev.slipway.registry;

import java.time.Instant;
import java.util.List;

/**
 * An immutable version.
 *
 * @param digest {@code sha256:...} of the canonical manifest and the digests of its files
 * @param manifest the canonical manifest, as JSON
 * @param settingsRevision the newest revision of its settings, from 1
 * @param settings that revision, as JSON
 * @param served whether it is wanted in memory: named by the endpoint or an alias, or loaded by request
 */
public record VersionRecord(
        long number,
        String digest,
        String manifest,
        List<FileRecord> files,
        long size,
        Instant created,
        long settingsRevision,
        String settings,
        boolean served) {

    /**
     * A file of a version.
     *
     * @param path relative, with {@code /}
     * @param blob {@code sha256:...} of its bytes
     */
    public record FileRecord(String path, String blob, long size) {
        public FileRecord {
            if (size < 0) {
                throw new IllegalArgumentException("size " + size + " of file '" + path + "' must not be negative");
            }
        }
    }

    public VersionRecord {
        if (number < 1 || size < 0 || settingsRevision < 0) {
            throw new IllegalArgumentException("version " + number + " must count from 1, its size " + size
                    + " and settings revision " + settingsRevision + " from 0");
        }
        files = List.copyOf(files);
    }
}
