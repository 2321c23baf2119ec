package dev.slipway.core;

import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an error of the disk means for whoever wanted something stored. It names no folder: callers may be strangers. */
public final class StorageFault {

    /** As Linux, macOS, Windows and SQLite say it; the JDK passes their words on and nothing else. */
    private static final List<String> FULL = List.of(
            "No space left on device",
            "Disk quota exceeded",
            "not enough space on the disk",
            "database or disk is full");

    private StorageFault() {}

    /**
     * Why something could not be stored.
     *
     * @param what could not, as a sentence: {@code the upload cannot be stored}
     */
    public static Failure of(String what, Throwable error) {
        if (full(error)) {
            return new Failure.InsufficientStorage(
                    what + ": the disk is full, nothing of it was kept; make room and repeat it");
        }
        return new Failure.Internal(what + ": " + reason(error));
    }

    /** Whether an error, or one that caused it, says that the disk is full. */
    static boolean full(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (full(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private static boolean full(@Nullable String message) {
        return message != null && FULL.stream().anyMatch(message::contains);
    }

    private static String reason(Throwable error) {
        return switch (error) {
            case NoSuchFileException _ -> "a file or folder of it is gone, see the server's log";
            case FileSystemException of when of.getReason() != null -> of.getReason();
            case FileSystemException of -> of.getClass().getSimpleName() + ", see the server's log";
            default -> String.valueOf(error.getMessage());
        };
    }
}
