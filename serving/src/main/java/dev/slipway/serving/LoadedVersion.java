package dev.slipway.serving;

import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A version in memory. It unloads when it is closed or leaves what is published, after the last request. */
public interface LoadedVersion extends AutoCloseable {

    ModelName model();

    long version();

    Manifest manifest();

    Signature signature();

    Settings settings();

    Batchability batchability();

    VersionState state();

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
