package dev.slipway.cli;

import dev.slipway.core.FailureException;
import dev.slipway.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a running server leaves in its home, so that {@code slipway stop} finds it.
 *
 * @param started when the process started, which tells it from a later one with the same number
 * @param patience how long it may take to stop
 */
record ServerRecord(long pid, Instant started, String url, Duration patience) {

    private static final String FILE = "server.json";

    static ServerRecord ofThisProcess(String url, Duration patience) {
        ProcessHandle self = ProcessHandle.current();
        return new ServerRecord(self.pid(), self.info().startInstant().orElse(Instant.EPOCH), url, patience);
    }

    void write(Path home) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("pid", pid);
        document.put("started", started.toString());
        document.put("url", url);
        document.put("patience", patience.toString());
        Path next = home.resolve(FILE + ".next");
        Files.writeString(next, Json.write(document) + "\n");
        Files.move(next, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The record in a home; empty when there is none that can be read. */
    static Optional<ServerRecord> read(Path home) throws IOException {
        Path file = home.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Document document = Document.of(Json.parse(Files.readString(file)));
            return Optional.of(new ServerRecord(
                    (long) document.number("pid"),
                    Instant.parse(document.text("started")),
                    document.text("url"),
                    Duration.parse(document.text("patience"))));
        } catch (FailureException | java.time.format.DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static void delete(Path home) throws IOException {
        Files.deleteIfExists(home.resolve(FILE));
    }

    /** The process, if it still runs. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process ->
                        process.info().startInstant().orElse(Instant.EPOCH).equals(started));
    }
}
