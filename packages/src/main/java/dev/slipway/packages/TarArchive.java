package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** A tar archive, perhaps packed by gzip. */
record TarArchive(Path file, String name, boolean gzip) implements Archive {

    private static final Set<Byte> PLAIN =
            Set.of(TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG);

    @Override
    public Path unpack(Path folder, PackageOpener.Limits limits) throws IOException {
        Unpacking unpacking = new Unpacking(name, Files.size(file), folder, limits);
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                MeteredStream plain = new MeteredStream(gzip ? unpacked(bytes) : bytes);
                TarArchiveInputStream tar = new TarArchiveInputStream(plain, TAR_BLOCK)) {
            for (TarArchiveEntry entry = next(tar, plain); entry != null; entry = next(tar, plain)) {
                write(tar, entry, unpacking);
            }
            requireEnd(plain, unpacking);
            return folder;
        } catch (FailureException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new FailureException(
                    Failure.BadInput.malformed("archive '" + name + "' is broken: " + e.getMessage()), e);
        }
    }

    /** Unlike the JDK's stream it refuses what is no gzip behind the last member. */
    private static InputStream unpacked(InputStream bytes) throws IOException {
        return GzipCompressorInputStream.builder()
                .setInputStream(bytes)
                .setDecompressConcatenated(true)
                .get();
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, MeteredStream plain) throws IOException {
        plain.limit(MeteredStream.LONGEST_HEADERS);
        TarArchiveEntry entry = tar.getNextEntry();
        plain.limit(Long.MAX_VALUE);
        return entry;
    }

    /** Behind the last entry a tar is filled up with zeros; reading them on is also what checks gzip's checksum. */
    private static void requireEnd(MeteredStream plain, Unpacking unpacking) throws IOException {
        plain.limit(MeteredStream.LONGEST_END);
        byte[] buffer = new byte[1 << 13];
        for (int read = plain.read(buffer); read >= 0; read = plain.read(buffer)) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] != 0) {
                    throw unpacking.bad("something follows on its end");
                }
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Unpacking unpacking)
            throws IOException {
        String name = entry.getName();
        if (entry.isDirectory()) {
            unpacking.directory(unpacking.place(name, true), name);
            return;
        }
        if (!PLAIN.contains(entry.getLinkFlag()) || entry.isSparse()) {
            throw unpacking.bad("entry '" + name + "' is a link, device or sparse file: pack the file itself");
        }
        long bytes = unpacking.file(unpacking.place(name, false), name, tar);
        if (bytes != entry.getSize()) {
            throw unpacking.bad("entry '" + name + "' ends after " + bytes + " of " + entry.getSize() + " bytes");
        }
    }
}
