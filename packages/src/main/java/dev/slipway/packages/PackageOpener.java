package dev.slipway.packages;

import java.nio.file.Path;

/** Opens a path: a model file, an archive, a package folder, or a folder of numbered versions. */
public final class PackageOpener {

    /** The most files, bytes and path length that an archive may unpack to. */
    public record Limits(long files, long bytes, int ratio) {
        public static final Limits DEFAULT = new Limits(10_000, 16L << 30, 200);
    }

    public PackageOpener(Limits limits) {
        throw new UnsupportedOperationException();
    }

    /**
     * Says what is at a path. Archives are unpacked below {@code scratch}, which is the caller's to delete.
     *
     * @param path a file or folder
     * @param filename the name that the file had where it came from
     * @throws dev.slipway.core.FailureException {@code BadInput}, {@code Unsupported} or {@code TooLarge}, naming the
     *     file and what is wrong with it
     */
    public OpenedPackage open(Path path, String filename, Path scratch) {
        throw new UnsupportedOperationException();
    }
}
