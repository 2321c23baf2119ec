package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes the entries of one archive below one folder, within limits. */
final class Unpacking {

    /** Small archives may pack as well as they can. */
    private static final long RATIO_COUNTS_FROM = 64L << 20;

    private final String archive;
    private final long archiveBytes;
    private final Path folder;
    private final PackageOpener.Limits limits;
    private final Set<List<String>> seen = new HashSet<>();
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

    void directory(String name) throws IOException {
        count();
        List<String> parts = EntryPath.parts(archive, name);
        if (!parts.isEmpty() && !EntryPath.litter(parts)) {
            create(EntryPath.below(folder, archive, parts), name);
        }
    }

    /** Writes a file; returns the number of its bytes. */
    long file(String name, InputStream content) throws IOException {
        count();
        List<String> parts = EntryPath.parts(archive, name);
        if (parts.isEmpty()) {
            throw bad("a file has no name");
        }
        if (!seen.add(parts)) {
            throw bad("entry '" + name + "' comes twice");
        }
        if (EntryPath.litter(parts)) {
            return copy(content, OutputStream.nullOutputStream());
        }
        create(EntryPath.below(folder, archive, parts.subList(0, parts.size() - 1)), name);
        try (OutputStream out = Files.newOutputStream(
                EntryPath.below(folder, archive, parts),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
            return copy(content, out);
        } catch (FileAlreadyExistsException e) {
            throw bad("entry '" + name + "' comes twice");
        }
    }

    private void create(Path path, String name) throws IOException {
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw bad("entry '" + name + "' needs a folder where a file is");
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
            out.write(buffer, 0, read);
        }
        return copied;
    }

    private void count() {
        if (++entries > limits.files()) {
            throw tooLarge("it has more than " + limits.files() + " entries");
        }
    }

    FailureException bad(String what) {
        return new FailureException(Failure.BadInput.of("archive '" + archive + "': " + what));
    }

    private FailureException tooLarge(String what) {
        return new FailureException(new Failure.TooLarge("archive '" + archive + "': " + what));
    }
}
