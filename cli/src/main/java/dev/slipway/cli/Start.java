package dev.slipway.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * How this process came up.
 *
 * @param took the time since the JVM began
 * @param fromCache whether the JVM uses the AOT cache of the launcher
 */
record Start(Duration took, boolean fromCache) {

    /** Where Linux says which files a process has mapped. */
    private static final Path MAPPED = Path.of("/proc/self/maps");

    static Start ofThisProcess() {
        return new Start(
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
                maps(System.getProperty("slipway.aot.cache", "")));
    }

    /** Whether the JVM has taken the cache that it was given; where nobody can say, it is believed to have. */
    private static boolean maps(String cache) {
        if (cache.isEmpty() || !Files.isReadable(MAPPED)) {
            return !cache.isEmpty();
        }
        try {
            return Files.readString(MAPPED).contains(cache);
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public String toString() {
        String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
        return fromCache ? seconds + " from the AOT cache" : seconds;
    }
}
