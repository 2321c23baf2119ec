package dev.slipway.verify.system;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** NumPy's archive of recorded inputs {@code in:NAME} and outputs {@code out:NAME}, where a bar stands for a slash. */
record Npz(List<V2Tensor> inputs, List<V2Tensor> outputs) {

    static Npz read(Path file) throws IOException {
        List<V2Tensor> inputs = new ArrayList<>();
        List<V2Tensor> outputs = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName().replaceFirst("\\.npy$", "").replace('|', '/');
                Npy array = Npy.read(
                        file + "!" + entry.getName(), zip.getInputStream(entry).readAllBytes());
                if (name.startsWith("in:")) {
                    inputs.add(tensor(name.substring(3), array));
                } else {
                    outputs.add(tensor(name.substring(4), array));
                }
            }
        }
        return new Npz(inputs, outputs);
    }

    private static V2Tensor tensor(String name, Npy array) throws IOException {
        List<Long> shape = new ArrayList<>();
        for (long dim : array.shape().toArray()) {
            shape.add(dim);
        }
        String type = array.type().substring(1);
        if (type.startsWith("U")) {
            return new V2Tensor(name, "BYTES", shape, strings(array.data(), Integer.parseInt(type.substring(1))));
        }
        return new V2Tensor(name, datatype(type), shape, ByteString.copyFrom(array.data()));
    }

    private static String datatype(String type) throws IOException {
        return switch (type) {
            case "b1" -> "BOOL";
            case "u1" -> "UINT8";
            case "u2" -> "UINT16";
            case "u4" -> "UINT32";
            case "u8" -> "UINT64";
            case "i1" -> "INT8";
            case "i2" -> "INT16";
            case "i4" -> "INT32";
            case "i8" -> "INT64";
            case "f2" -> "FP16";
            case "f4" -> "FP32";
            case "f8" -> "FP64";
            default -> throw new IOException("no datatype for NumPy's " + type);
        };
    }

    /** NumPy keeps strings as UTF-32 of one width, filled up with zeros. */
    private static ByteString strings(ByteBuffer data, int width) {
        ByteString.Output bytes = ByteString.newOutput();
        ByteBuffer codes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (width > 0 && codes.remaining() >= 4 * width) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < width; i++) {
                int code = codes.getInt();
                if (code != 0) {
                    text.appendCodePoint(code);
                }
            }
            byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
            ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            bytes.write(length.putInt(utf8.length).array(), 0, 4);
            bytes.write(utf8, 0, utf8.length);
        }
        return bytes.toByteString();
    }
}
