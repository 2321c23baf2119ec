package dev.slipway.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that are kept open, as they were when they were opened. What is written to one whose name was taken away since
 * is lost when it is closed, and the system does not say so.
 */
final class OpenFiles {

    private static final Object KEYLESS = "a file of a system without keys";

    private final Map<Path, Object> keys = new LinkedHashMap<>();

    /**
     * Remembers files.
     *
     * @throws IOException when one is not there
     */
    OpenFiles(List<Path> files) throws IOException {
        for (Path file : files) {
            keys.put(file, key(file));
        }
    }

    /** The first file that has no name any more, or whose name another file has. */
    Optional<Path> gone() {
        return keys.keySet().stream().filter(file -> !standing(file)).findFirst();
    }

    private boolean standing(Path file) {
        try {
            return key(file).equals(keys.get(file));
        } catch (IOException e) {
            return false;
        }
    }

    private static Object key(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? KEYLESS : key;
    }
}
