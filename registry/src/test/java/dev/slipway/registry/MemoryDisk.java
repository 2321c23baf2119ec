package dev.slipway.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that knows what a power cut leaves, and that fails at a chosen step. Of a file only synced
 * bytes survive; of a folder only synced names, or, as the other extreme that real ones show, every name.
 */
final class MemoryDisk implements Disk {

    /** What happens at the chosen step. */
    enum Fault {
        ERROR,
        FULL,
        SHORT_WRITE,
        POWER_CUT
    }

    /** Which names survive a power cut. */
    enum Names {
        SYNCED,
        ALL
    }

    private sealed interface Node {}

    private static final class FileNode implements Node {
        private byte[] content = new byte[0];
        private byte[] durable = new byte[0];
        private Instant modified = Instant.EPOCH;
    }

    private static final class FolderNode implements Node {
        private TreeMap<String, Node> names = new TreeMap<>();
        private TreeMap<String, Node> durable = new TreeMap<>();
    }

    private final FolderNode top = new FolderNode();
    private Fault fault = Fault.ERROR;
    private long failAt = Long.MAX_VALUE;
    private long steps;
    private boolean off;

    void failAt(long step, Fault kind) {
        failAt = steps + step;
        fault = kind;
    }

    boolean failed() {
        return steps >= failAt;
    }

    /** Power comes back: what did not survive is gone, and nothing fails any more. */
    void restart(Names survive) {
        restart(top, survive);
        off = false;
        failAt = Long.MAX_VALUE;
    }

    private static void restart(FolderNode folder, Names survive) {
        if (survive == Names.SYNCED) {
            folder.names = new TreeMap<>(folder.durable);
        }
        for (Node node : folder.names.values()) {
            switch (node) {
                case FolderNode inner -> restart(inner, survive);
                case FileNode file -> file.content = file.durable;
            }
        }
    }

    private void step() throws IOException {
        if (off) {
            throw new IOException("the power is off");
        }
        steps++;
        if (steps == failAt) {
            off = fault == Fault.POWER_CUT;
            throw new IOException(fault == Fault.FULL ? "No space left on device" : "Input/output error");
        }
    }

    private @Nullable Node find(Path path) {
        Node node = top;
        for (Path name : path) {
            node = node instanceof FolderNode folder ? folder.names.get(name.toString()) : null;
        }
        return node;
    }

    private FolderNode above(Path path) throws IOException {
        if (find(path.resolveSibling("")) instanceof FolderNode folder) {
            return folder;
        }
        throw new NoSuchFileException(path.toString());
    }

    private FileNode file(Path path) throws IOException {
        if (find(path) instanceof FileNode file) {
            return file;
        }
        throw new NoSuchFileException(path.toString());
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    /** Puts a file there that is durable, whatever should be there. */
    void overwrite(Path path, byte[] content) throws IOException {
        FileNode file = file(path);
        file.content = content;
        file.durable = content;
    }

    @Override
    public boolean exists(Path path) {
        try {
            step();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return find(path) != null;
    }

    @Override
    public boolean isFolder(Path path) {
        return find(path) instanceof FolderNode;
    }

    @Override
    public long size(Path path) throws IOException {
        step();
        return file(path).content.length;
    }

    @Override
    public Instant modified(Path path) throws IOException {
        step();
        return find(path) instanceof FileNode file ? file.modified : Instant.EPOCH;
    }

    @Override
    public void modified(Path path, Instant time) throws IOException {
        step();
        file(path).modified = time;
    }

    @Override
    public InputStream open(Path path) throws IOException {
        step();
        return new ByteArrayInputStream(file(path).content);
    }

    @Override
    public NewFile create(Path path) throws IOException {
        step();
        FileNode file = new FileNode();
        if (above(path).names.putIfAbsent(name(path), file) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return new NewFile() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                try {
                    step();
                } catch (IOException e) {
                    if (fault == Fault.SHORT_WRITE) {
                        append(bytes.slice(0, bytes.remaining() / 2));
                    }
                    throw e;
                }
                append(bytes);
            }

            private void append(ByteBuffer bytes) {
                byte[] longer = Arrays.copyOf(file.content, file.content.length + bytes.remaining());
                bytes.get(longer, file.content.length, bytes.remaining());
                file.content = longer;
            }

            @Override
            public void sync() throws IOException {
                step();
                file.durable = file.content;
            }

            @Override
            public void close() throws IOException {
                step();
            }
        };
    }

    @Override
    public void createFolder(Path path) throws IOException {
        step();
        above(path).names.putIfAbsent(name(path), new FolderNode());
    }

    @Override
    public void syncFolder(Path path) throws IOException {
        step();
        if (find(path) instanceof FolderNode folder) {
            folder.durable = new TreeMap<>(folder.names);
            return;
        }
        throw new NoSuchFileException(path.toString());
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        Node node = above(from).names.get(name(from));
        if (node == null) {
            throw new NoSuchFileException(from.toString());
        }
        above(to).names.put(name(to), node);
        above(from).names.remove(name(from));
    }

    @Override
    public void link(Path existing, Path link) throws IOException {
        step();
        if (above(link).names.putIfAbsent(name(link), file(existing)) != null) {
            throw new FileAlreadyExistsException(link.toString());
        }
    }

    @Override
    public void protect(Path path) throws IOException {
        step();
        file(path);
    }

    @Override
    public List<Path> list(Path path) throws IOException {
        step();
        return find(path) instanceof FolderNode folder
                ? folder.names.keySet().stream().map(path::resolve).toList()
                : List.of();
    }

    @Override
    public void delete(Path path) throws IOException {
        step();
        if (find(path) instanceof FolderNode folder && !folder.names.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        if (above(path).names.remove(name(path)) == null) {
            throw new NoSuchFileException(path.toString());
        }
    }
}
