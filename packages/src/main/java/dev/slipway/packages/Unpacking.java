package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StorageFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the entries of one archive below one folder, within limits. */
final class Unpacking {

    /** Small archives may pack as well as they can. */
    private static final long RATIO_COUNTS_FROM = 64L << 20;

    private final String archive;
    private final long archiveBytes;
    private final Path folder;
    private final PackageOpener.Limits limits;
    private final Map<String, String> places = new HashMap<>();
    private long entries;
    private long bytes;

    Unpacking(String archive, long archiveBytes, Path folder, PackageOpener.Limits limits) {
        this.archive = archive;
        this.archiveBytes = archiveBytes;
        this.folder = folder;
        this.limits = limits;
    }

    String archive() {
        return archive;
    }

    /** Refuses more entries, or more stated bytes, than may be unpacked. */
    void requireWithin(long count, long stated) {
        if (count > limits.files()) {
            throw tooLarge("it has " + count + " entries, at most " + limits.files() + " are unpacked");
        }
        if (stated > limits.bytes()) {
            throw tooLarge("it unpacks to " + stated + " bytes, at most " + limits.bytes() + " are taken");
        }
    }

    /**
     * Where an entry goes, before anything of it is written: within the folder, and in a place of its own, also where
     * the file system does not tell upper from lower case.
     */
    List<String> place(String name, boolean directory) {
        if (++entries > limits.files()) {
            throw tooMany();
        }
        List<String> parts = EntryPath.parts(archive, name);
        if (directory) {
            return parts;
        }
        if (parts.isEmpty()) {
            throw bad("a file has no name");
        }
        String path = String.join("/", parts);
        String folded = Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        String earlier = places.putIfAbsent(folded, path);
        if (earlier != null) {
            throw bad(
                    earlier.equals(path)
                            ? "entry '" + path + "' comes twice"
                            : "entries '" + earlier + "' and '" + path + "' differ in " + difference(earlier, path)
                                    + " only, which some file systems do not tell apart");
        }
        return parts;
    }

    /** What tells two paths apart that are the same when case and form do not count. */
    private static String difference(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT))
                ? "upper and lower case"
                : "how Unicode writes their letters (NFC, NFD)";
    }

    /** An archive of more entries than are unpacked. */
    FailureException tooMany() {
        return tooLarge("it has more than " + limits.files() + " entries, which is the most that are unpacked");
    }

    /** Reading something of an archive. */
    interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * What is read of the archive.
     *
     * @param what is cut short or damaged when it cannot be read: {@code entry 'model.onnx'}
     */
    <T> T reading(String what, Reading<T> reading) {
        try {
            return reading.read();
        } catch (FailureException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw broken(archive, what + " is cut short or damaged", e);
        }
    }

    void directory(List<String> parts, String name) {
        if (!parts.isEmpty() && !EntryPath.litter(parts)) {
            create(EntryPath.below(folder, archive, parts), name);
        }
    }

    /** Writes a file; returns the number of its bytes. */
    long file(List<String> parts, String name, InputStream content) throws IOException {
        if (EntryPath.litter(parts)) {
            return copy(content, OutputStream.nullOutputStream());
        }
        create(EntryPath.below(folder, archive, parts.subList(0, parts.size() - 1)), name);
        OutputStream out = opened(EntryPath.below(folder, archive, parts), name);
        try {
            return copy(content, out);
        } finally {
            closed(out);
        }
    }

    private OutputStream opened(Path file, String name) {
        try {
            return Files.newOutputStream(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (FileAlreadyExistsException e) {
            throw bad("entry '" + name + "' comes twice");
        } catch (IOException e) {
            throw unstored(e);
        }
    }

    private void closed(OutputStream out) {
        try {
            out.close();
        } catch (IOException e) {
            throw unstored(e);
        }
    }

    private void create(Path path, String name) {
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw bad("entry '" + name + "' needs a folder where a file is");
        } catch (IOException e) {
            throw unstored(e);
        }
    }

    private long copy(InputStream content, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            copied += read;
            bytes += read;
            if (bytes > limits.bytes()) {
                throw tooLarge("it unpacks to more than " + limits.bytes() + " bytes");
            }
            if (bytes > RATIO_COUNTS_FROM && bytes / limits.ratio() > archiveBytes) {
                throw tooLarge("it unpacks to more than " + limits.ratio() + " times its size");
            }
            write(out, buffer, read);
        }
        return copied;
    }

    private void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw unstored(e);
        }
    }

    /** The archive is not to blame for a disk that does not take it. */
    private FailureException unstored(IOException error) {
        return new FailureException(StorageFault.of("archive '" + archive + "' cannot be unpacked", error), error);
    }

    FailureException bad(String what) {
        return new FailureException(Failure.BadInput.of("archive '" + archive + "': " + what));
    }

    /** The archive is not what was packed. */
    FailureException broken(String what) {
        return broken(archive, what, null);
    }

    static FailureException broken(String archive, String what, @Nullable Throwable cause) {
        return new FailureException(
                Failure.BadInput.malformed("archive '" + archive + "' is broken: " + what + "; copy or pack it again"),
                cause);
    }

    /** Headers, or zeros, that go on and on. */
    FailureException overlong() {
        return bad("the headers of an entry, or what fills it up, take more bytes than are read");
    }

    private FailureException tooLarge(String what) {
        return new FailureException(new Failure.TooLarge("archive '" + archive + "': " + what));
    }
}
