package dev.slipway.registry;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's lock on a home folder: one process at a time works there. The system lets go of it when the
 * process ends in whatever way, so that a crash leaves nothing to clean up.
 */
public final class HomeLock implements AutoCloseable {

    private static final String FILE = "slipway.lock";

    /** Far behind the process number, so that a system with mandatory locks lets others read it. */
    private static final long POSITION = 1L << 40;

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a home folder, which is made when it does not exist.
     *
     * @throws FailureException {@code Conflict} naming the process that has it
     */
    public static HomeLock acquire(Path home) {
        Path file = home.resolve(FILE);
        try {
            Files.createDirectories(home);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (tryLock(channel) == null) {
                    throw new FailureException(new Failure.Conflict("home " + home + " is in use by process "
                            + owner(channel) + ": stop it, or choose another home"));
                }
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap(
                                Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                        0);
                return new HomeLock(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FailureException(new Failure.Internal("home " + home + " cannot be locked: " + e), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(POSITION, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String number = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        return number.isEmpty() ? "(just starting)" : number;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new FailureException(new Failure.Internal("the lock of a home folder cannot be closed: " + e), e);
        }
    }
}
