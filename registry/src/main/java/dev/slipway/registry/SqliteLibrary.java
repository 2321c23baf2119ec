package dev.slipway.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's shared library out of the driver's jar, unpacked once into a home. The driver by itself unpacks it into the
 * system's temporary folder at each start, and leaves it there when the process ends at once.
 */
final class SqliteLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

    private final Path folder;

    SqliteLibrary(Path home) {
        String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        this.folder = home.resolve("native")
                .resolve("sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + platform.replaceAll("[^A-Za-z0-9_-]", "_"));
    }

    /** Has the driver load it from here; the driver finds one for itself where that fails. */
    void offer() {
        String name = System.mapLibraryName("sqlitejdbc");
        try {
            if (!Files.isRegularFile(folder.resolve(name))) {
                unpack(folder.resolve(name));
            }
            System.setProperty("org.sqlite.lib.path", folder.toString());
            System.setProperty("org.sqlite.lib.name", name);
        } catch (IOException e) {
            LOG.debug("SQLite's library is not unpacked into {}", folder, e);
        }
    }

    private void unpack(Path file) throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "unpacking-", ".part");
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the driver's jar has no " + resource);
            }
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
