package dev.slipway.packages;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                MeteredStream plain = new MeteredStream(plain(bytes, unpacking), unpacking::overlong);
                TarArchiveInputStream tar = new TarArchiveInputStream(plain, TAR_BLOCK)) {
            String what = "its first header";
            for (TarArchiveEntry entry = next(tar, plain, what, unpacking);
                    entry != null;
                    entry = next(tar, plain, what, unpacking)) {
                write(tar, entry, unpacking);
                what = "what follows on entry '" + entry.getName() + "'";
            }
            return unpacking.reading("its end", () -> {
                requireEnd(plain, unpacking);
                return folder;
            });
        }
    }

    private InputStream plain(InputStream bytes, Unpacking unpacking) {
        return gzip ? unpacking.reading("its beginning", () -> unpacked(bytes)) : bytes;
    }

    /** Unlike the JDK's stream it refuses what is no gzip behind the last member. */
    private static InputStream unpacked(InputStream bytes) throws IOException {
        return GzipCompressorInputStream.builder()
                .setInputStream(bytes)
                .setDecompressConcatenated(true)
                .get();
    }

    /** The next entry; null behind the last, where zeros must stand, without which nobody knows whether it is the last. */
    private static @Nullable TarArchiveEntry next(
            TarArchiveInputStream tar, MeteredStream plain, String what, Unpacking unpacking) {
        plain.limit(MeteredStream.LONGEST_HEADERS);
        TarArchiveEntry entry = unpacking.reading(what, tar::getNextEntry);
        if (entry == null ? !plain.blank() : !entry.isCheckSumOK()) {
            throw unpacking.broken(what + " is cut short or damaged");
        }
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

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Unpacking unpacking) {
        String name = entry.getName();
        if (entry.isDirectory()) {
            unpacking.directory(unpacking.place(name, true), name);
            return;
        }
        if (!PLAIN.contains(entry.getLinkFlag()) || entry.isSparse()) {
            throw unpacking.bad("entry '" + name + "' is a link, device or sparse file: pack the file itself");
        }
        List<String> place = unpacking.place(name, false);
        long bytes = unpacking.reading("entry '" + name + "'", () -> unpacking.file(place, name, tar));
        if (bytes != entry.getSize()) {
            throw unpacking.broken("entry '" + name + "' has " + bytes + " bytes, " + entry.getSize() + " are stated");
        }
    }
}
