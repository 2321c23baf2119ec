package dev.slipway.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes folders whose names survive a power cut: each new name is synced in the folder above it. */
final class DurableFolders {

    private final Disk disk;
    private final Path top;

    /** What this process has seen synced; an earlier one may have died between making a folder and syncing it. */
    private final Set<Path> synced = ConcurrentHashMap.newKeySet();

    /** Folders below {@code top}, which is made with them. */
    DurableFolders(Disk disk, Path top) {
        this.disk = disk;
        this.top = top;
    }

    void make(Path folder) throws IOException {
        if (synced.contains(folder)) {
            return;
        }
        Path above = folder.getParent();
        boolean standing = disk.exists(folder);
        if (above == null || (standing && !folder.startsWith(top))) {
            return;
        }
        make(above);
        disk.createFolder(folder);
        disk.syncFolder(above);
        synced.add(folder);
    }
}
