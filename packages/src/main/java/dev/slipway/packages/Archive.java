package dev.slipway.packages;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A zip, tar or tar.gz, recognised by its content. */
sealed interface Archive permits ZipArchive, TarArchive {

    /** Unpacks it into an empty folder, and returns the folder. */
    Path unpack(Path folder, PackageOpener.Limits limits) throws IOException;

    int TAR_BLOCK = 512;

    /** The archive that a file is, if it is one. */
    static Optional<Archive> recognised(Path file, String name) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(TAR_BLOCK);
        }
        if (head.length >= 4
                && head[0] == 'P'
                && head[1] == 'K'
                && (head[2] == 3 || head[2] == 5)
                && head[3] == head[2] + 1) {
            return Optional.of(new ZipArchive(file, name));
        }
        if (tar(head)) {
            return Optional.of(new TarArchive(file, name, false));
        }
        if (head.length >= 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
            try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                return tar(in.readNBytes(TAR_BLOCK)) ? Optional.of(new TarArchive(file, name, true)) : Optional.empty();
            } catch (IOException e) {
                throw Unpacking.broken(name, "its beginning is cut short or damaged", e);
            }
        }
        return Optional.empty();
    }

    /** Whether a block is the header of a tar's entry: its checksum is right. */
    private static boolean tar(byte[] block) {
        if (block.length < TAR_BLOCK || block[0] == 0) {
            return false;
        }
        String field = new String(block, 148, 8, StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
        if (!field.matches("[0-7]{1,7}")) {
            return false;
        }
        long sum = 8 * ' ';
        for (int i = 0; i < TAR_BLOCK; i++) {
            sum += i >= 148 && i < 156 ? 0 : block[i] & 0xff;
        }
        return sum == Long.parseLong(field, 8);
    }
}
