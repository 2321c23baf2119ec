package dev.slipway.engines.onnxruntime;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's shared library out of the official jar, unpacked once per user into a cache folder that only the user
 * may enter. A file found there is used only if its SHA-256 is the one expected, which is computed again when the file is not
 * the one for which it was computed last; the folder's name holds the digest, and the file appears in it by an atomic rename.
 * Where the cache cannot be used, a private temporary folder is, which goes with the process.
 */
final class NativeLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final NativePlatform platform;
    private final Path cache;

    /** @param cache where unpacked libraries are kept */
    NativeLibrary(NativePlatform platform, Path cache) {
        this.platform = platform;
        this.cache = cache;
    }

    /** The library, loaded; it stays so until the process ends. */
    SymbolLookup load() {
        try {
            return SymbolLookup.libraryLookup(unpacked(), Arena.global());
        } catch (IOException | IllegalArgumentException e) {
            throw new FailureException(
                    new Failure.Unsupported("ONNX Runtime cannot be loaded on this machine: " + e.getMessage()), e);
        }
    }

    Path unpacked() throws IOException {
        String digest = digest();
        try {
            return kept(cache.resolve(platform.folder() + "-" + digest.substring(0, 16)), digest);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("cache folder {} cannot be used, unpacking ONNX Runtime into a temporary folder: {}", cache, e);
            Path folder = Files.createTempDirectory("slipway-onnxruntime-");
            folder.toFile().deleteOnExit();
            Path file = unpack(folder, digest);
            file.toFile().deleteOnExit();
            return file;
        }
    }

    /** The digest of the library that belongs to this version of the engine. */
    String digest() throws IOException {
        Properties digests = new Properties();
        try (InputStream in = NativeLibrary.class.getResourceAsStream("digests.properties")) {
            digests.load(in);
        }
        return digests.getProperty(platform.folder());
    }

    /** The library in a folder that outlives the process, beside a note of which file it was whose digest was right. */
    private Path kept(Path folder, String digest) throws IOException {
        Files.createDirectories(folder, ownersOnly());
        checkPrivate(folder);
        Path file = folder.resolve(platform.library());
        Path checked = folder.resolve("checked");
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(checked, LinkOption.NOFOLLOW_LINKS)
                && Files.readString(checked).equals(identity(file))) {
            return file;
        }
        unpack(folder, digest);
        try {
            Files.writeString(checked, identity(file));
        } catch (IOException e) {
            LOG.debug("{} is checked again at the next start", file, e);
        }
        return file;
    }

    private Path unpack(Path folder, String digest) throws IOException {
        Path file = folder.resolve(platform.library());
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && hasDigest(file, digest)) {
            return file;
        }
        Path part = Files.createTempFile(folder, "unpacking-", ".part");
        try {
            try (InputStream in = resource();
                    OutputStream out = Files.newOutputStream(part)) {
                in.transferTo(out);
            }
            if (!hasDigest(part, digest)) {
                throw new FailureException(
                        new Failure.Unsupported("the jar com.microsoft.onnxruntime:onnxruntime on the"
                                + " class path is not the version that this engine is made for: its "
                                + platform.resource()
                                + " has another digest"));
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return file;
    }

    /** Refuses a folder in which somebody else could put a library. */
    private static void checkPrivate(Path folder) throws IOException {
        if (!POSIX) {
            return;
        }
        PosixFileAttributes attributes =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean shared = attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
        if (!attributes.isDirectory() || shared) {
            throw new IOException("others may write to " + folder);
        }
    }

    private static FileAttribute<?>[] ownersOnly() {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private InputStream resource() throws IOException {
        InputStream in = NativeLibrary.class.getResourceAsStream(platform.resource());
        if (in == null) {
            throw new IOException("the jar com.microsoft.onnxruntime:onnxruntime with " + platform.resource()
                    + " is not on the class path");
        }
        return in;
    }

    /** What another file at this place, or one that was written to, has not all the same. */
    private static String identity(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " "
                + attributes.fileKey();
    }

    private static boolean hasDigest(Path file, String digest) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return digest.equals(Sha256.hex(bytes));
        }
    }
}
