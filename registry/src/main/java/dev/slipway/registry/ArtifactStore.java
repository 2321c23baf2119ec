package dev.slipway.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Bytes by their digest. What {@link #put} has returned for is durable: file and folder are synced. */
public interface ArtifactStore {

    /** A stored blob: {@code sha256:...} and its size in bytes. */
    record Blob(String digest, long size) {}

    boolean has(String digest);

    /** Stores what the stream holds, hashing while it writes. Storing the same bytes again changes nothing. */
    Blob put(InputStream bytes) throws IOException;

    /** Stores what a file holds, copied: a link would let whoever writes to the original change the blob. */
    Blob put(Path file) throws IOException;

    /**
     * The bytes of a blob, whose digest is checked when it is first used in this process.
     *
     * @throws dev.slipway.core.FailureException {@code Internal}, naming the file, when it is missing or altered
     */
    InputStream open(String digest) throws IOException;

    /**
     * Lays files out as a folder with the original names, hard links (or copies) of their blobs, checking each
     * digest when the blob is first used in this process. Laying the same folder out again returns it.
     *
     * @param folderDigest tells folders apart: of the same digest are only those with the same files under the same names
     * @throws dev.slipway.core.FailureException {@code Internal}, naming the file, when a blob is missing or altered
     */
    Path layOut(String folderDigest, List<VersionRecord.FileRecord> files) throws IOException;

    /** Removes a laid-out folder; the blobs stay. */
    void discard(String folderDigest) throws IOException;

    /**
     * Removes blobs and leftovers that nothing refers to and that are older than the grace time; of laid-out folders,
     * whatever their age, those that this process has not made, since they are only made again.
     *
     * @return how many bytes of blobs went
     */
    long sweep(Set<String> referenced) throws IOException;
}
