package dev.slipway.registry;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Sha256;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs in a folder, named by their digest: {@code sha256/aa/bb/aabb...}. Beside them stand {@code versions/}, where
 * versions are laid out, and {@code incoming/}, where everything is made before it gets its name in one step.
 */
public final class FolderArtifactStore implements ArtifactStore {

    /** How long an unreferenced blob is kept by default: longer than any deploy runs. */
    public static final Duration GRACE = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(FolderArtifactStore.class);
    private static final int CHUNK = 1 << 18;

    private final Path root;
    private final Path incoming;
    private final Path versions;
    private final InstantSource time;
    private final Duration grace;
    private final Disk disk;
    private final DurableFolders folders;
    private final AtomicLong names = new AtomicLong();
    private final Map<Digest, Stamp> checked = new ConcurrentHashMap<>();
    private final Set<Digest> laidOut = ConcurrentHashMap.newKeySet();
    private final ReentrantLock naming = new ReentrantLock();

    /** What tells a file from one that was written to since. */
    private record Stamp(long size, Instant modified) {}

    /**
     * A store in a folder, which is made when it does not exist. One process at a time may use it.
     *
     * @param grace how old something unreferenced must be before {@link #sweep} removes it
     */
    public FolderArtifactStore(Path root, InstantSource time, Duration grace) {
        this(root, time, grace, new SystemDisk());
    }

    FolderArtifactStore(Path root, InstantSource time, Duration grace, Disk disk) {
        this.root = root.toAbsolutePath().normalize();
        this.incoming = this.root.resolve("incoming");
        this.versions = this.root.resolve("versions");
        this.time = time;
        this.grace = grace;
        this.disk = disk;
        this.folders = new DurableFolders(disk, this.root);
    }

    @Override
    public boolean has(String digest) {
        return disk.exists(new Digest(digest).below(root));
    }

    @Override
    public Blob put(Path file) throws IOException {
        try (InputStream bytes = disk.open(file)) {
            return put(bytes);
        }
    }

    @Override
    public Blob put(InputStream bytes) throws IOException {
        folders.make(incoming);
        Path file = fresh();
        MessageDigest hash = Sha256.digest();
        long size;
        try {
            size = write(bytes, file, hash);
        } catch (IOException | RuntimeException e) {
            abandon(file, e);
            throw e;
        }
        Digest digest = Digest.of(hash);
        try {
            settle(file, digest, size);
        } catch (IOException | RuntimeException e) {
            abandon(file, e);
            throw e;
        }
        return new Blob(digest.text(), size);
    }

    private long write(InputStream bytes, Path file, MessageDigest hash) throws IOException {
        long size = 0;
        byte[] chunk = new byte[CHUNK];
        try (Disk.NewFile target = disk.create(file)) {
            for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
                hash.update(chunk, 0, count);
                target.write(ByteBuffer.wrap(chunk, 0, count));
                size += count;
            }
            target.sync();
        }
        return size;
    }

    /** Gives a synced file its place, or removes it when the same bytes are already there. */
    private void settle(Path file, Digest digest, long size) throws IOException {
        Path place = digest.below(root);
        Path folder = place.resolveSibling("");
        folders.make(folder);
        naming.lock();
        try {
            if (whole(place, digest, size)) {
                disk.modified(place, time.instant());
                disk.delete(file);
                checked.put(digest, stamp(place));
            } else {
                boolean heals = disk.exists(place);
                disk.protect(file);
                disk.modified(file, time.instant());
                disk.rename(file, place);
                checked.put(digest, stamp(place));
                if (heals) {
                    laidOut.clear();
                }
            }
        } finally {
            naming.unlock();
        }
        disk.syncFolder(folder);
    }

    private boolean whole(Path place, Digest digest, long size) throws IOException {
        return disk.exists(place)
                && disk.size(place) == size
                && (stamp(place).equals(checked.get(digest)) || hash(place).equals(digest));
    }

    private Stamp stamp(Path file) throws IOException {
        return new Stamp(disk.size(file), disk.modified(file));
    }

    private Digest hash(Path file) throws IOException {
        MessageDigest hash = Sha256.digest();
        byte[] chunk = new byte[CHUNK];
        try (InputStream bytes = disk.open(file)) {
            for (int count = bytes.read(chunk); count >= 0; count = bytes.read(chunk)) {
                hash.update(chunk, 0, count);
            }
        }
        return Digest.of(hash);
    }

    /** A name in {@code incoming} that nothing has. */
    private Path fresh() {
        Path path;
        do {
            path = incoming.resolve(ProcessHandle.current().pid() + "-" + names.incrementAndGet());
        } while (disk.exists(path));
        return path;
    }

    private void abandon(Path path, Exception because) {
        try {
            deleteTree(path);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    @Override
    public InputStream open(String digest) throws IOException {
        return disk.open(checked(new Digest(digest)));
    }

    private Path checked(Digest digest) throws IOException {
        Path place = digest.below(root);
        if (!disk.exists(place)) {
            LOG.error("{} is missing", place);
            throw new FailureException(new Failure.Internal("artifact " + digest.text()
                    + " is missing: deploy the same files again, or bring it back from a backup"));
        }
        Stamp stamp = stamp(place);
        if (!stamp.equals(checked.get(digest))) {
            Digest actual = hash(place);
            if (!actual.equals(digest)) {
                LOG.error("{} was altered", place);
                throw new FailureException(
                        new Failure.Internal("artifact " + digest.text() + " was altered: its content is "
                                + actual.text() + ": deploy the same files again, or bring it back from a backup"));
            }
            checked.put(digest, stamp);
        }
        return place;
    }

    @Override
    public Path layOut(String folderDigest, List<FileRecord> files) throws IOException {
        Digest digest = new Digest(folderDigest);
        Path folder = versions.resolve(digest.hex());
        for (FileRecord file : files) {
            checked(new Digest(file.blob()));
        }
        folders.make(incoming);
        folders.make(versions);
        naming.lock();
        try {
            if (laidOut.contains(digest) && disk.exists(folder)) {
                return folder;
            }
            Path made = fresh();
            try {
                disk.createFolder(made);
                for (FileRecord file : files) {
                    place(file, made);
                }
                remove(folder);
                disk.rename(made, folder);
            } catch (IOException | RuntimeException e) {
                abandon(made, e);
                throw e;
            }
            laidOut.add(digest);
            return folder;
        } finally {
            naming.unlock();
        }
    }

    private void place(FileRecord file, Path folder) throws IOException {
        Path target = folder.resolve(file.path()).normalize();
        if (!target.startsWith(folder) || target.equals(folder) || file.path().contains("\\")) {
            throw new FailureException(
                    Failure.BadInput.of("file '" + file.path() + "' must have a relative path inside its version"));
        }
        Path at = folder;
        for (Path name : folder.relativize(target.resolveSibling(""))) {
            at = at.resolve(name);
            disk.createFolder(at);
        }
        Path blob = new Digest(file.blob()).below(root);
        try {
            disk.link(blob, target);
        } catch (FileAlreadyExistsException e) {
            throw new FailureException(
                    Failure.BadInput.of("file '" + file.path() + "' stands twice in its version"), e);
        } catch (IOException | UnsupportedOperationException e) {
            copy(blob, target);
        }
    }

    private void copy(Path blob, Path target) throws IOException {
        try (InputStream bytes = disk.open(blob)) {
            write(bytes, target, Sha256.digest());
        }
        disk.protect(target);
    }

    @Override
    public void discard(String folderDigest) throws IOException {
        Digest digest = new Digest(folderDigest);
        naming.lock();
        try {
            laidOut.remove(digest);
            remove(versions.resolve(digest.hex()));
        } finally {
            naming.unlock();
        }
    }

    /** Takes a folder's name away in one step before its content goes. */
    private void remove(Path folder) throws IOException {
        if (disk.exists(folder)) {
            folders.make(incoming);
            Path aside = fresh();
            disk.rename(folder, aside);
            deleteTree(aside);
        }
    }

    private void deleteTree(Path path) throws IOException {
        if (disk.isFolder(path)) {
            for (Path entry : disk.list(path)) {
                deleteTree(entry);
            }
        }
        if (disk.exists(path)) {
            disk.delete(path);
        }
    }

    @Override
    public long sweep(Set<String> referenced) throws IOException {
        Instant before = time.instant().minus(grace);
        for (Path leftover : disk.list(incoming)) {
            if (!disk.modified(leftover).isAfter(before)) {
                deleteTree(leftover);
            }
        }
        sweepVersions();
        long freed = 0;
        for (Path first : disk.list(root.resolve("sha256"))) {
            for (Path second : disk.list(first)) {
                for (Path blob : disk.list(second)) {
                    freed += sweepBlob(blob, referenced, before);
                }
            }
        }
        return freed;
    }

    /** Folders that an earlier process laid out: they cost nothing to lay out again, and keep removed blobs' space. */
    private void sweepVersions() throws IOException {
        for (Path folder : disk.list(versions)) {
            naming.lock();
            try {
                if (Digest.naming(folder).filter(laidOut::contains).isEmpty()) {
                    remove(folder);
                }
            } finally {
                naming.unlock();
            }
        }
    }

    private long sweepBlob(Path blob, Set<String> referenced, Instant before) throws IOException {
        naming.lock();
        try {
            Optional<Digest> digest = Digest.naming(blob);
            if (digest.isEmpty()
                    || referenced.contains(digest.get().text())
                    || disk.modified(blob).isAfter(before)) {
                return 0;
            }
            long size = disk.size(blob);
            disk.delete(blob);
            checked.remove(digest.get());
            return size;
        } finally {
            naming.unlock();
        }
    }
}
