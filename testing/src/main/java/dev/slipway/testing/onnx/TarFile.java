package dev.slipway.testing.onnx;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Unpacks the plain files of a {@code .tar.gz} of test material. */
public final class TarFile {

    private static final int BLOCK = 512;

    private TarFile() {}

    /** Writes the files below a folder; links and the like are passed over. */
    public static void unpack(Path archive, Path folder) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                DataInputStream in = new DataInputStream(new GZIPInputStream(file, 1 << 16))) {
            byte[] header = new byte[BLOCK];
            @Nullable String longName = null;
            for (in.readFully(header); header[0] != 0; in.readFully(header)) {
                long size = Long.parseLong(text(header, 124, 12), 8);
                byte[] content = in.readNBytes(Math.toIntExact(size));
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                String prefix = text(header, 345, 155);
                String name =
                        longName != null ? longName : (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
                longName = null;
                if (header[156] == 'L') {
                    longName = text(content, 0, content.length);
                } else if (header[156] == 'x') {
                    longName = path(text(content, 0, content.length));
                } else if (header[156] == '0' || header[156] == 0) {
                    write(folder, name, content);
                }
            }
        }
    }

    private static void write(Path folder, String name, byte[] content) throws IOException {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException(name + " lies outside the archive");
        }
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** The path in an extended header, whose records are {@code length key=value} lines; null where it has none. */
    private static @Nullable String path(String records) {
        for (String record : records.split("\n", -1)) {
            int key = record.indexOf(" path=");
            if (key >= 0) {
                return record.substring(key + " path=".length());
            }
        }
        return null;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8).strip();
    }
}
