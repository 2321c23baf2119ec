package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server leaves in its home for other commands. */
class ServerRecordTest {

    @TempDir
    private Path home;

    @Test
    void isReadAsItWasWritten() throws IOException {
        ServerRecord record = ServerRecord.ofThisProcess("http://a:1", "http://a:2", Duration.ofSeconds(60));
        record.write(home);
        assertThat(ServerRecord.running(home)).contains(record);
        record.thatStops().write(home);
        assertThat(ServerRecord.running(home))
                .hasValueSatisfying(stops -> assertThat(stops.stopping()).isTrue());
    }

    @Test
    void aProcessThatHasTheNumberOfAnotherIsNoServer() throws IOException {
        new ServerRecord(ProcessHandle.current().pid(), Instant.EPOCH, "http://a:1", "", Duration.ZERO, false)
                .write(home);
        assertThat(ServerRecord.running(home)).isEmpty();
    }

    @Test
    void whatCannotBeReadIsNoServer() throws IOException {
        assertThat(ServerRecord.running(home)).isEmpty();
        Files.writeString(home.resolve("server.json"), "{");
        assertThat(ServerRecord.running(home)).isEmpty();
    }
}
