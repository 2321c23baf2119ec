package dev.slipway.core.spi;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Settings;
import java.nio.file.Path;

/** Opens models of its formats. Safe for use by several threads. */
public interface Engine extends AutoCloseable {

    String name();

    /** The version of the runtime behind it. */
    String version();

    /**
     * Loads a model.
     *
     * @param model the model's file or folder, with the files it refers to beside it
     * @param settings how it is run: threads, optimisation, memory limit
     * @param cancellation gives it up at the engine's next opportunity; it then fails with the cancellation's reason
     * @throws dev.slipway.core.FailureException {@code BadInput} when the file is broken, {@code Unsupported} when it
     *     needs something that the engine lacks, named
     */
    Session open(Path model, Settings settings, Cancellation cancellation);

    /** About how many bytes of native memory a model takes while it is opened, whose files hold so many. */
    long memory(long fileBytes);

    /** Frees the engine; its sessions must be closed. */
    @Override
    void close();
}
