package dev.slipway.protocols.openinference;

import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.core.StorageFault;
import dev.slipway.core.TensorLease;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that a load brings, by path within the model's folder. Their bytes stay in the message that brought them, which
 * counts as in flight, until they are written to the disk.
 */
public final class LoadFiles implements AutoCloseable {

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_PATH = 1024;

    private final Map<String, Content> files = new LinkedHashMap<>();
    private final TensorLease message;
    private boolean closed;

    /** What a file has in it. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Files of a message, which is taken over. */
    public LoadFiles(TensorLease message) {
        this.message = message;
    }

    public void add(String path, Content content) {
        files.put(path, content);
    }

    boolean none() {
        return files.isEmpty();
    }

    /** Writes all of them, and gives the message back. */
    void moveTo(Path folder) {
        try (this) {
            files.forEach((path, content) -> write(place(folder, path), path, content));
        }
    }

    private static Path place(Path folder, String path) {
        Path target;
        try {
            target = folder.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw refused(path, "is no path of a file");
        }
        if (!target.startsWith(folder) || target.equals(folder)) {
            throw refused(path, "must stay within the model's folder");
        }
        Path within = folder.relativize(target);
        if (bytes(within) > LONGEST_PATH) {
            throw refused(path, "must have at most " + LONGEST_PATH + " bytes");
        }
        for (Path name : within) {
            if (bytes(name) > LONGEST_NAME) {
                throw refused(path, "must have at most " + LONGEST_NAME + " bytes between slashes");
            }
        }
        for (Path parent = target.getParent(); parent != null && !parent.equals(folder); parent = parent.getParent()) {
            if (Files.isRegularFile(parent)) {
                throw refused(path, "lies in " + Quoted.of("file:" + folder.relativize(parent)) + ", which is a file");
            }
        }
        if (Files.exists(target)) {
            throw refused(path, Files.isDirectory(target) ? "is the folder of another file" : "comes twice");
        }
        return target;
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static void write(Path target, String path, Content content) {
        try {
            Files.createDirectories(target.getParent());
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 1 << 16)) {
                content.writeTo(out);
            }
        } catch (IOException e) {
            throw new FailureException(StorageFault.of(Quoted.of("file:" + path) + " cannot be stored", e), e);
        }
    }

    private static FailureException refused(String path, String rule) {
        return InputCheck.plain("parameter " + Quoted.of("file:" + path) + ": the path " + rule);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            message.close();
        }
    }
}
