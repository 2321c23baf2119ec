package dev.slipway.verify.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.verify.system.RawHttp.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operating system is asked for before a deploy is acknowledged, read from a trace of the system calls. */
class SyncTraceTest {

    private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
    private static final String RESUMED = "<... ";
    private static final String UNFINISHED = " <unfinished ...>";

    @TempDir
    private Path folder;

    @Test
    void fileFoldersAndDatabaseAreSyncedBeforeTheDeployIsAcknowledged() throws Exception {
        Path strace = Path.of("/usr/bin/strace");
        assumeTrue(Files.isExecutable(strace), "there is no strace");
        Path trace = folder.resolve("trace");
        List<String> traced = List.of(
                strace.toString(),
                "-f",
                "--seccomp-bpf",
                "-y",
                "-s",
                "60",
                "-e",
                "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg",
                "-o",
                trace.toString());
        try (SeparateServer server = SeparateServer.start(traced, List.of(), folder.resolve("home"));
                RawHttp connection = new RawHttp(server.port())) {
            byte[] model = Adding.bytes(1);
            connection.send("POST /api/v1/models/adding/versions?filename=adding.onnx HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "Content-Type: application/octet-stream\r\nContent-Length: " + model.length + "\r\n\r\n");
            assertThat(connection.send(model).answer())
                    .get()
                    .extracting(Answer::status)
                    .isEqualTo(201);
            server.terminateTraced();
        }
        List<String> calls = calls(trace);

        int acknowledged = only(calls, "(write|writev|sendto|sendmsg)\\(.*HTTP/1\\.1 201.*");
        int named = last(calls, "rename.*/artifacts/incoming/.*/artifacts/sha256/.*", acknowledged);
        assertThat(last(calls, "(fsync|fdatasync)\\(.*/artifacts/incoming/[^/]*>.*", named))
                .as("the file synced before it gets its name")
                .isNotNegative();
        int folderSynced = last(calls, "fsync\\(.*/artifacts/sha256/[0-9a-f]{2}/[0-9a-f]{2}>.*", acknowledged);
        assertThat(folderSynced)
                .as("the folder synced after the file got its name")
                .isGreaterThan(named);
        assertThat(last(calls, "fsync\\(.*/artifacts/sha256/[0-9a-f]{2}>.*", acknowledged))
                .as("the folder's own name synced")
                .isNotNegative();
        assertThat(last(calls, "fsync\\(.*/artifacts/sha256>.*", acknowledged))
                .as("and the name above")
                .isNotNegative();
        assertThat(last(calls, "(fsync|fdatasync)\\(.*/registry\\.db-wal>.*", acknowledged))
                .as("the transaction synced after the artifact and before the answer")
                .isGreaterThan(folderSynced);
    }

    /** The calls in the order in which they ended, except that what writes counts from its beginning. */
    private static List<String> calls(Path trace) throws IOException {
        Map<String, String> begun = new HashMap<>();
        List<String> calls = new ArrayList<>();
        for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            String thread = matcher.group(1);
            String call = matcher.group(2);
            if (call.endsWith(UNFINISHED)) {
                String begin = call.substring(0, call.length() - UNFINISHED.length());
                if (begin.contains("HTTP/1.1")) {
                    calls.add(begin);
                } else {
                    begun.put(thread, begin);
                }
            } else if (call.startsWith(RESUMED)) {
                String begin = begun.remove(thread);
                if (begin != null) {
                    calls.add(begin + call);
                }
            } else {
                calls.add(call);
            }
        }
        return calls;
    }

    private static int only(List<String> calls, String pattern) {
        List<Integer> found = IntStream.range(0, calls.size())
                .filter(i -> calls.get(i).matches(pattern))
                .boxed()
                .toList();
        assertThat(found).as(pattern).hasSize(1);
        return found.getFirst();
    }

    private static int last(List<String> calls, String pattern, int before) {
        return IntStream.range(0, before)
                .filter(i -> calls.get(i).matches(pattern))
                .max()
                .orElse(-1);
    }
}
