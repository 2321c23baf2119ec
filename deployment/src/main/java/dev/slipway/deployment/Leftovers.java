package dev.slipway.deployment;

import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.Registry;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears away blobs that no version refers to, never while a deploy may be about to refer to them. */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Registry registry;
    private final ArtifactStore artifacts;
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
    private final ReentrantReadWriteLock deploys = new ReentrantReadWriteLock();

    Leftovers(Registry registry, ArtifactStore artifacts) {
        this.registry = registry;
        this.artifacts = artifacts;
    }

    /** Runs a deploy, during which nothing is swept. */
    <T> T keeping(Supplier<T> deploy) {
        deploys.readLock().lock();
        try {
            return deploy.get();
        } finally {
            deploys.readLock().unlock();
        }
    }

    /** Notes a laid-out folder that may have become useless. */
    void doubtful(String folderDigest) {
        doubtful.add(folderDigest);
    }

    /** Sweeps, unless a deploy runs: then the next sweep finds it. What cannot be removed stays and is logged. */
    void sweep() {
        if (!deploys.writeLock().tryLock()) {
            return;
        }
        try {
            discardFolders();
            long freed = artifacts.sweep(registry.referencedBlobs());
            LOG.debug("{} bytes of leftover artifacts removed", freed);
        } catch (IOException e) {
            LOG.warn("leftover artifacts cannot be removed: {}", e.getMessage());
        } finally {
            deploys.writeLock().unlock();
        }
    }

    private void discardFolders() throws IOException {
        if (doubtful.isEmpty()) {
            return;
        }
        Set<String> known = registry.all().stream()
                .flatMap(model -> model.versions().stream())
                .map(VersionDigest::ofFolder)
                .collect(Collectors.toSet());
        for (String digest : Set.copyOf(doubtful)) {
            if (!known.contains(digest)) {
                artifacts.discard(digest);
            }
            doubtful.remove(digest);
        }
    }
}
