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
 * What a running server leaves in its home, so that other commands find it.
 *
 * @param started when the process started, which tells it from a later one with the same number
 * @param administration the URL of administration, the same where it has no port of its own
 * @param patience how long it may take to stop
 * @param stopping whether it has begun to
 */
record ServerRecord(long pid, Instant started, String url, String administration, Duration patience, boolean stopping) {

    private static final String FILE = "server.json";

    static ServerRecord ofThisProcess(String url, String administration, Duration patience) {
        ProcessHandle self = ProcessHandle.current();
        Instant started = self.info().startInstant().orElse(Instant.EPOCH);
        return new ServerRecord(self.pid(), started, url, administration, patience, false);
    }

    ServerRecord thatStops() {
        return new ServerRecord(pid, started, url, administration, patience, true);
    }

    void write(Path home) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("pid", pid);
        document.put("started", started.toString());
        document.put("url", url);
        document.put("administration", administration);
        document.put("patience", patience.toString());
        document.put("stopping", stopping);
        Path next = home.resolve(FILE + ".next");
        Files.writeString(next, Json.write(document) + "\n");
        Files.move(next, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The record of the server that runs on a home; empty when none does. */
    static Optional<ServerRecord> running(Path home) {
        try {
            return read(home).filter(record -> record.process().isPresent());
        } catch (IOException e) {
            return Optional.empty();
        }
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
                    document.text("administration"),
                    Duration.parse(document.text("patience")),
                    document.text("stopping").equals("true")));
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
