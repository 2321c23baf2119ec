package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher on an unpacked distribution: the AOT cache that {@code serve} starts from, and what holds without it. */
class LauncherTest {

    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();
    private static final String FROM_CACHE = "from the AOT cache";

    @TempDir
    private static Path folder;

    private static Path unpacked;
    private static Path lib;
    private static Path cache;

    /** What a command printed, and its exit code. */
    private record Ended(int exit, String said) {}

    @BeforeAll
    static void rehearse() throws Exception {
        unpacked = folder.resolve("slipway");
        lib = Files.createDirectories(unpacked.resolve("lib"));
        Path bin = Files.createDirectories(unpacked.resolve("bin"));
        Files.copy(PROJECT.resolve("slipway"), bin.resolve("slipway"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(unpacked.resolve("examples"), PROJECT.resolve("examples"));
        int number = 0;
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path whole = Path.of(part).toAbsolutePath();
            if (Files.exists(whole)) {
                toJar(whole, lib.resolve("%03d.jar".formatted(number++)));
            }
        }
        Ended rehearsed = slipway("rehearse");
        assertThat(rehearsed.exit()).as(rehearsed.said()).isZero();
        cache = caches().getFirst();
    }

    /** Copies a jar, or packs the classes of a module that has none yet. */
    private static void toJar(Path part, Path target) throws IOException {
        if (Files.isDirectory(part)) {
            ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
            assertThat(jar.run(System.out, System.err, "cf", target.toString(), "-C", part.toString(), "."))
                    .isZero();
        } else {
            Files.copy(part, target);
        }
    }

    @BeforeEach
    void jarsAreOlderThanTheCache() throws IOException {
        Files.setLastModifiedTime(cache, FileTime.from(Instant.now()));
    }

    private static ProcessBuilder command(List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(unpacked.resolve("bin/slipway").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SLIPWAY_") || name.equals("JAVA_TOOL_OPTIONS"));
        return builder;
    }

    private static Ended slipway(String... arguments) throws IOException, InterruptedException {
        Process process = command(List.of(), arguments).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    /** The line in which a server says how it started; everything that it said if there is none. */
    private static String started(List<String> before, Path home) throws IOException, InterruptedException {
        Process process = command(before, "serve", "--port", "0", "--home", home.toString())
                .start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> said = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.add(line);
                if (line.startsWith("Started in ")) {
                    assertThat(said).as("nothing but the banner").hasSize(2);
                    return line;
                }
            }
            return String.join("\n", said);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static List<Path> caches() throws IOException {
        try (Stream<Path> files = Files.list(lib)) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }

    @Test
    void aServerStartsFromWhatARehearsalLeft(@TempDir Path home) throws Exception {
        assertThat(cache.getFileName().toString()).matches("slipway-\\d+-\\d+\\.aot");
        assertThat(caches()).containsExactly(cache);
        assertThat(started(List.of(), home)).startsWith("Started in ").endsWith(FROM_CACHE);
    }

    @Test
    void aCacheIsLeftAsideOnceAJarHasChanged(@TempDir Path home) throws Exception {
        Path jar = lib.resolve("000.jar");
        FileTime before = Files.getLastModifiedTime(jar);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
        try {
            assertThat(started(List.of(), home)).matches("Started in \\d+\\.\\d s");
        } finally {
            Files.setLastModifiedTime(jar, before);
        }
    }

    @Test
    void aCacheIsLeftAsideOnceAJarHasCome(@TempDir Path home) throws Exception {
        Path jar = Files.copy(lib.resolve("000.jar"), lib.resolve("999.jar"), StandardCopyOption.COPY_ATTRIBUTES);
        try {
            assertThat(started(List.of(), home)).matches("Started in \\d+\\.\\d s");
        } finally {
            Files.delete(jar);
        }
    }

    @Test
    void aCacheThatIsDamagedIsLeftAside(@TempDir Path home) throws Exception {
        byte[] whole = Files.readAllBytes(cache);
        Files.write(cache, new byte[4096]);
        try {
            assertThat(started(List.of(), home)).matches("Started in \\d+\\.\\d s");
        } finally {
            Files.write(cache, whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "digits"})
    void aRehearsalThatFailsLeavesWhatIsThere(String present) throws Exception {
        Path examples = unpacked.resolve("examples");
        Files.delete(examples);
        Files.createDirectory(examples);
        Path one = examples.resolve(present);
        if (!present.isEmpty()) {
            Files.createSymbolicLink(one, PROJECT.resolve("examples").resolve(present));
        }
        try {
            assertThat(slipway("rehearse").exit()).isEqualTo(1);
            assertThat(caches()).containsExactly(cache);
            assertThat(cache.resolveSibling(cache.getFileName() + ".failed")).isNotEmptyFile();
        } finally {
            Files.deleteIfExists(one);
            Files.deleteIfExists(examples);
            Files.createSymbolicLink(examples, PROJECT.resolve("examples"));
        }
    }

    @Test
    void aServerStartsWhereNothingCanBeWritten(@TempDir Path home) throws Exception {
        Path aside = folder.resolve("aside.aot");
        Files.move(cache, aside);
        var writable = Files.getPosixFilePermissions(lib);
        Files.setPosixFilePermissions(lib, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        try {
            assertThat(started(unprivileged(), home)).matches("Started in \\d+\\.\\d s");
            assertThat(caches()).isEmpty();
        } finally {
            Files.setPosixFilePermissions(lib, writable);
            Files.move(aside, cache);
        }
    }

    /** What runs a command without the rights of root, who may write everywhere. */
    private static List<String> unprivileged() {
        return System.getProperty("user.name").equals("root")
                ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/nonexistent")
                : List.of();
    }
}
