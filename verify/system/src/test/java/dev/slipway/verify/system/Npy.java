package dev.slipway.verify.system;

import dev.slipway.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An array in NumPy's file format: little-endian, C order. */
record Npy(String type, Shape shape, ByteBuffer data) {

    private static final Pattern HEADER =
            Pattern.compile("'descr': '([^']+)', 'fortran_order': False, 'shape': \\(([0-9, ]*)\\)");

    static Npy read(Path file) throws IOException {
        return read(file.toString(), Files.readAllBytes(file));
    }

    /** Reads the content of a file; {@code name} is for messages. */
    static Npy read(String name, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = bytes.get(6) == 1 ? Short.toUnsignedInt(bytes.getShort(8)) : bytes.getInt(8);
        int start = bytes.get(6) == 1 ? 10 : 12;
        String header = new String(bytes.array(), start, headerLength, StandardCharsets.ISO_8859_1);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.find()) {
            throw new IOException(name + " has the header " + header);
        }
        long[] shape = Arrays.stream(matcher.group(2).split(","))
                .map(String::strip)
                .filter(dim -> !dim.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        int at = start + headerLength;
        return new Npy(
                matcher.group(1),
                Shape.of(shape),
                bytes.slice(at, bytes.capacity() - at).order(ByteOrder.LITTLE_ENDIAN));
    }

    float[] floats() {
        float[] values = new float[data.capacity() / 4];
        data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    long[] longs() {
        long[] values = new long[data.capacity() / 8];
        data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
        return values;
    }

    int rows() {
        return (int) shape.dim(0);
    }

    /** Elements of one row. */
    int width() {
        return (int) (shape.elements() / shape.dim(0));
    }
}
