package dev.slipway.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** What the artifact store asks of a file system, so that one that fails or forgets can stand in for the real one. */
interface Disk {

    /** A new file that is being written. */
    interface NewFile extends AutoCloseable {

        /** Writes all of it. */
        void write(ByteBuffer bytes) throws IOException;

        /** Returns when the content would survive a power cut. */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }

    boolean exists(Path path);

    long size(Path file) throws IOException;

    Instant modified(Path path) throws IOException;

    void modified(Path path, Instant time) throws IOException;

    InputStream open(Path file) throws IOException;

    /** Makes a file that must not exist. */
    NewFile create(Path file) throws IOException;

    /** Makes a folder in one that exists; one that is there is left as it is. */
    void createFolder(Path folder) throws IOException;

    /** Returns when the names in a folder would survive a power cut. */
    void syncFolder(Path folder) throws IOException;

    /** Gives a file or folder another name in one step, replacing a file that has it. */
    void rename(Path from, Path to) throws IOException;

    /** Gives a file a second name. */
    void link(Path existing, Path link) throws IOException;

    /** Forbids everyone to write to a file. */
    void protect(Path file) throws IOException;

    /** The names in a folder; none when it does not exist. */
    List<Path> list(Path folder) throws IOException;

    boolean isFolder(Path path);

    /** Removes a file or an empty folder. */
    void delete(Path path) throws IOException;
}
