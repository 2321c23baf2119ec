package dev.slipway.deployment;

import dev.slipway.core.FailureException;
import dev.slipway.core.FolderTree;
import dev.slipway.core.StorageFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A place for what is needed only for a moment. What cannot be cleared away does not overturn what was done with it: it is
 * logged, and stays until the next start.
 */
public final class Scratch {

    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    private final Path place;

    Scratch(Path place) {
        this.place = place;
    }

    /** What is done with a folder. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T in(Path folder) throws E;
    }

    /** What clears something away. */
    @FunctionalInterface
    public interface Clearing {
        void run() throws IOException;
    }

    /** Works with a folder of its own. */
    public <T, E extends Exception> T with(Work<T, E> work) throws E {
        Path folder = folder();
        try {
            return work.in(folder);
        } finally {
            discard(folder);
        }
    }

    private Path folder() {
        try {
            Files.createDirectories(place);
            return Files.createTempDirectory(place, "deploy-");
        } catch (IOException e) {
            throw new FailureException(StorageFault.of("no scratch folder can be made", e), e);
        }
    }

    /** Deletes what an earlier process left behind. */
    void empty() {
        if (Files.isDirectory(place)) {
            try (Stream<Path> left = Files.list(place)) {
                left.toList().forEach(Scratch::discard);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Deletes a file or folder that nobody needs any more. */
    public static void discard(Path path) {
        discard(path, () -> {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                FolderTree.delete(path);
            }
        });
    }

    /** Clears away what nobody needs any more. */
    public static void discard(Object what, Clearing clearing) {
        try {
            clearing.run();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} is not needed any more and cannot be removed: {}", what, e.toString());
        }
    }
}
