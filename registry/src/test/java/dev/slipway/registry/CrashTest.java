package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.Registry.ChainReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process was promised before it was killed is there after it, nothing is half-done, and the chain verifies. */
class CrashTest {

    @TempDir
    Path home;

    @Test
    void twentyKills() throws Exception {
        killed(20);
    }

    @Test
    @Tag("long")
    void fiveHundredKills() throws Exception {
        killed(500);
    }

    private void killed(int rounds) throws Exception {
        Random random = new Random(20261122);
        for (int round = 0; round < rounds; round++) {
            String last = killAfter(1 + random.nextInt(12), random.nextInt(200_000));
            requirePromised(last);
        }
    }

    /** Runs a process until it was promised so many changes and went on for a random while; its last promise. */
    private String killAfter(int promises, int spins) throws Exception {
        Process process = RegistryProcess.start(home, Integer.MAX_VALUE);
        String last = "";
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < promises; i++) {
                last = RegistryProcess.next(output);
                assertThat(last).as("a promise").isNotNull();
            }
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            process.toHandle().destroyForcibly();
            for (String line = RegistryProcess.next(output); line != null; line = RegistryProcess.next(output)) {
                last = line;
            }
        }
        process.waitFor();
        return last;
    }

    private void requirePromised(String last) throws IOException {
        String[] promise = last.split(" ", 3);
        long seq = Long.parseLong(promise[1]);
        try (Registry registry = SqliteRegistry.open(home, InstantSource.system())) {
            ChainReport report = registry.verify(RegistryKit.DIGITS);
            assertThat(report.intact()).as(report.detail()).isTrue();
            assertThat(report.entries()).isBetween(seq, seq + 1);
            HistoryEntry kept = registry.history(RegistryKit.DIGITS, 1, seq + 1).getFirst();
            assertThat(kept.hash()).isEqualTo(promise[2]);
            ModelRecord model = registry.model(RegistryKit.DIGITS).orElseThrow();
            assertThat(model.revision()).isEqualTo(report.entries());
            assertThat(model.endpoint())
                    .isEqualTo(registry.history(RegistryKit.DIGITS, 1, null)
                            .getFirst()
                            .endpoint());
            ArtifactStore artifacts =
                    new FolderArtifactStore(home.resolve("artifacts"), InstantSource.system(), Duration.ZERO);
            for (String blob : registry.referencedBlobs()) {
                try (InputStream bytes = artifacts.open(blob)) {
                    assertThat(bytes.read()).isGreaterThanOrEqualTo(0);
                }
            }
        }
    }

    /** The system calls of a process up to its first promise: its artifact, the folder above it, then the database. */
    @Test
    void fileAndFolderAndDatabaseAreSyncedBeforeThePromise() throws Exception {
        SystemCalls.assumeTraceable();
        Path trace = home.resolve("trace");
        Path traced = home.resolve("traced");
        Process process = RegistryProcess.start(
                traced,
                1,
                "strace",
                "-f",
                "-y",
                "-s",
                "200",
                "-e",
                "trace=fsync,fdatasync,rename,renameat,renameat2,write",
                "-o",
                trace.toString());
        process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        assertThat(process.waitFor()).isZero();

        List<String> calls = Files.readAllLines(trace, StandardCharsets.ISO_8859_1);
        int promise = first(calls, 0, "write\\(1<.*\"ack 1 ");
        int file = first(calls, 0, "f(data)?sync\\(\\d+<[^>]*/incoming/[^>]+>");
        int renamed = first(calls, file, "rename.*/incoming/.*/sha256/");
        int folder = first(calls, renamed, "fsync\\(\\d+<[^>]*/sha256/[0-9a-f]{2}/[0-9a-f]{2}>");
        int database = first(calls, folder, "f(data)?sync\\(\\d+<[^>]*/registry\\.db-wal>");
        assertThat(List.of(file, renamed, folder, database, promise)).isSorted();
        for (String above : List.of("sha256/[0-9a-f]{2}", "sha256", "artifacts")) {
            assertThat(first(calls, 0, "fsync\\(\\d+<[^>]*/" + above + ">")).isLessThan(database);
        }
    }

    private static int first(List<String> calls, int from, String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        for (int i = from; i < calls.size(); i++) {
            Matcher matcher = wanted.matcher(calls.get(i));
            if (matcher.find()) {
                return i;
            }
        }
        throw new AssertionError("no call like " + pattern + " from line " + from + " of " + calls.size());
    }

    @Test
    void aSecondProcessIsToldWhoHasTheHome() throws Exception {
        Process process = RegistryProcess.start(home, Integer.MAX_VALUE);
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(RegistryProcess.next(output)).isNotNull();
            RegistryKit.assertFails(
                    dev.slipway.core.Failure.Conflict.class,
                    "home " + home + " is in use by process " + process.pid(),
                    () -> SqliteRegistry.open(home, InstantSource.system()));
        } finally {
            process.destroyForcibly().waitFor();
        }
        SqliteRegistry.open(home, InstantSource.system()).close();
    }
}
