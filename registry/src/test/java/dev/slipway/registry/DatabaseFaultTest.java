package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.Registry.ChainReport;
import dev.slipway.registry.SystemCalls.Call;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file system that fails under the database, at any of its calls: what was promised is there, and nothing is half-done. */
class DatabaseFaultTest {

    private static final String DATABASE = "registry.db";
    private static final List<String> FILES = List.of(DATABASE, DATABASE + "-journal", DATABASE + "-wal");

    @TempDir
    private Path folder;

    @Test
    void aCrashAfterAnyCall() throws Exception {
        crashes(1);
    }

    @Test
    @Tag("long")
    void aCrashAfterAnyCallOfALongerLife() throws Exception {
        crashes(12);
    }

    private void crashes(int changes) throws Exception {
        SystemCalls.assumeTraceable();
        Path home = folder.resolve("traced");
        Path trace = folder.resolve("trace");
        List<String> options = new ArrayList<>(List.of("strace", "-o", trace.toString()));
        options.addAll(SystemCalls.OPTIONS);
        List<String> said = said(RegistryProcess.start(home, changes, options.toArray(String[]::new)));
        assertThat(said).hasSize(changes).allMatch(line -> line.startsWith("ack "));

        CrashedDisk disk = new CrashedDisk(home);
        List<String> promises = new ArrayList<>();
        Set<Map<String, ByteBuffer>> seen = new HashSet<>();
        for (Call call : SystemCalls.read(trace)) {
            String text = StandardCharsets.UTF_8
                    .decode(call.data().duplicate())
                    .toString()
                    .strip();
            if (call.name().equals("write") && text.startsWith("ack ")) {
                promises.add(text);
                seen.clear();
            } else if (concerns(call, home)) {
                disk.apply(call);
            }
            for (Map<String, ByteBuffer> state : disk.states()) {
                if (seen.add(state)) {
                    Path crashed = folder.resolve(promises.size() + "-" + seen.size());
                    CrashedDisk.lay(state, crashed);
                    requirePromised(crashed, promises);
                }
            }
        }
        assertThat(promises).isEqualTo(said);
    }

    private static boolean concerns(Call call, Path home) {
        Path file = Path.of(call.file());
        return file.equals(home) || FILES.stream().anyMatch(name -> file.equals(home.resolve(name)));
    }

    /** Every so many calls of a kind fail, so that each change meets the failure at another step. */
    @ParameterizedTest
    @CsvSource({
        "pwrite64, EIO, 29",
        "'fsync,fdatasync', EIO, 3",
        "'pwrite64,fsync,fdatasync', ENOSPC, 37",
    })
    void aFailureOfEachCall(String calls, String error, int every) throws Exception {
        SystemCalls.assumeTraceable();
        Path home = folder.resolve("failing");
        said(RegistryProcess.start(home, 1)).forEach(line -> assertThat(line).startsWith("ack "));
        List<String> options = new ArrayList<>(List.of("strace", "-f", "-o", "/dev/null", "-e", "trace=" + calls));
        options.addAll(List.of("-e", "inject=" + calls + ":error=" + error + ":when=" + every + "+" + every));
        FILES.forEach(file -> options.addAll(List.of("-P", home.resolve(file).toString())));
        List<String> said = said(RegistryProcess.start(home, 30, options.toArray(String[]::new)));

        List<String> promises =
                said.stream().filter(line -> line.startsWith("ack ")).toList();
        assertThat(promises).as("changes beside the failures").isNotEmpty();
        assertThat(said).as("failures").anyMatch(line -> line.startsWith("no "));
        requirePromised(home, promises);
    }

    private static List<String> said(Process process) throws IOException {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            return output.lines()
                    .filter(line -> line.startsWith("ack ") || line.startsWith("no "))
                    .toList();
        }
    }

    /** Requires every promise to be kept; the one change that was under way may be there or not. */
    private static void requirePromised(Path home, List<String> promises) {
        try (Registry registry = SqliteRegistry.open(home, InstantSource.system())) {
            if (promises.isEmpty() && registry.model(RegistryKit.DIGITS).isEmpty()) {
                return;
            }
            ChainReport chain = registry.verify(RegistryKit.DIGITS);
            assertThat(chain.intact()).as(chain.detail()).isTrue();
            long promised =
                    promises.isEmpty() ? 0 : Long.parseLong(promises.getLast().split(" ", -1)[1]);
            assertThat(chain.entries()).isBetween(promised, promised + 1);
            assertThat(registry.model(RegistryKit.DIGITS).orElseThrow().revision())
                    .isEqualTo(chain.entries());
            for (String promise : promises) {
                String[] words = promise.split(" ", -1);
                long seq = Long.parseLong(words[1]);
                assertThat(registry.history(RegistryKit.DIGITS, 1, seq + 1)
                                .getFirst()
                                .hash())
                        .isEqualTo(words[2]);
            }
        }
    }
}
