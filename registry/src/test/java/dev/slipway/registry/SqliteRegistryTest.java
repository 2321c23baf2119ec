package dev.slipway.registry;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteRegistryTest extends RegistryKit {

    @TempDir
    Path home;

    @Override
    Registry open() {
        return SqliteRegistry.open(home.resolve("new/home"), time);
    }
}
