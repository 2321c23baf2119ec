package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process asked of the system to change files, as {@code strace -f -y -xx} has written it down. */
final class SystemCalls {

    /** The options of strace that {@link #read} reads the output of. */
    static final List<String> OPTIONS =
            List.of("-f", "-y", "-xx", "-s", "70000", "-e", "trace=write,pwrite64,ftruncate,fsync,fdatasync,unlink");

    private static final Pattern ON_FILE =
            Pattern.compile("(\\w+)\\(\\d+<([^>]*)>(?:, \"([^\"]*)\", \\d+)?(?:, (\\d+))?\\) += (\\d+)");
    private static final Pattern UNLINK = Pattern.compile("unlink\\(\"([^\"]*)\"\\) += 0");

    /**
     * One of them, done in full.
     *
     * @param data what was written; empty for the others
     * @param position where it was written; the length for {@code ftruncate}
     */
    record Call(String name, String file, ByteBuffer data, long position) {}

    private SystemCalls() {}

    static void assumeTraceable() throws InterruptedException {
        boolean traceable;
        try {
            Process process = new ProcessBuilder("strace", "-o", "/dev/null", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            traceable = process.waitFor() == 0;
        } catch (IOException e) {
            traceable = false;
        }
        assumeTrue(traceable, "strace is not installed or may not trace here");
    }

    static List<Call> read(Path trace) throws IOException {
        List<Call> calls = new ArrayList<>();
        for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
            String call = line.substring(line.indexOf(' ')).strip();
            parsed(call).ifPresent(calls::add);
        }
        return calls;
    }

    private static Optional<Call> parsed(String line) {
        Matcher unlink = UNLINK.matcher(line);
        if (unlink.matches()) {
            return Optional.of(new Call("unlink", text(unlink.group(1)), ByteBuffer.allocate(0), 0));
        }
        Matcher call = ON_FILE.matcher(line);
        if (!call.matches()) {
            return Optional.empty();
        }
        byte[] data = call.group(3) == null ? new byte[0] : bytes(call.group(3));
        assertThat(data).as(line).hasSize(Integer.parseInt(call.group(5)));
        long position = call.group(4) == null ? 0 : Long.parseLong(call.group(4));
        return Optional.of(new Call(call.group(1), text(call.group(2)), ByteBuffer.wrap(data), position));
    }

    private static byte[] bytes(String escaped) {
        return HexFormat.of().parseHex(escaped.replace("\\x", ""));
    }

    private static String text(String escaped) {
        return new String(bytes(escaped), StandardCharsets.UTF_8);
    }
}
