package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A version that answers. It is in memory, or comes there when it is asked, unless others need the room. It unloads when
 * it is closed or leaves what is published, after the last request.
 */
public interface LoadedVersion extends AutoCloseable {

    ModelName model();

    long version();

    Manifest manifest();

    Signature signature();

    Settings settings();

    Batchability batchability();

    VersionState state();

    /** Whether it can answer, now or on demand. */
    boolean ready();

    /** Why it is {@code FAILED}, null when it is not. */
    @Nullable
    Failure failure();

    /** The bytes of native memory that it holds; 0 while it is not in memory. */
    long memory();

    /**
     * Brings it into memory, unless it is there; others that nobody needs leave for it. Blocks.
     *
     * @throws dev.slipway.core.FailureException why it cannot be had
     */
    void load();

    /**
     * Brings it into memory where there is room that nobody has; blocks.
     *
     * @return false when there is none
     * @throws dev.slipway.core.FailureException why it cannot be had otherwise
     */
    boolean loadIfRoom();

    VersionStatistics statistics();

    /** The engine's name and version, {@code onnxruntime 1.28.0}. */
    String engine();

    /** Runs a request on this very version, published or not. Takes the request over. */
    CompletionStage<InferenceResponse> infer(InferenceRequest request);

    /**
     * Finds out by running whether rows influence each other, and batches from then on if they do not.
     *
     * @param sample rows of valid input, which it takes over; or none to make some up
     */
    Batchability probe(List<InferenceRequest> sample);

    /** Unloads a version that is not published; blocks until it has drained. */
    @Override
    void close();
}
