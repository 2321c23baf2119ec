package dev.slipway.serving;

import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.ResponseSink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The data plane: versions in memory, and where requests go. Everything above it is protocol, everything below engine. */
public interface ModelServer extends AutoCloseable {

    /**
     * Loads a version beside traffic; blocks. Nobody is sent to it until it is published. The caller checks and warms
     * it through {@link LoadedVersion#infer}.
     *
     * @throws dev.slipway.core.FailureException what the engine says of the file
     */
    LoadedVersion load(VersionSource source);

    /**
     * A version that is not in memory and comes there when it is asked. Nobody is sent to it until it is published.
     *
     * @param trial tries it out, beside the first requests, once it has come into memory for the first time; what it
     *     throws makes the version fail
     * @throws dev.slipway.core.FailureException when no engine runs it
     */
    LoadedVersion offer(VersionSource source, Consumer<LoadedVersion> trial);

    /** Swaps in what a model serves, atomically; cannot fail. Versions that left it drain and unload. */
    void publish(Published published);

    /** Takes a model off; its versions drain and unload. */
    void withdraw(ModelName model);

    /**
     * Answers a request through a sink. Takes the request over. Refusals come through the sink, too, before any work
     * starts; never throws, never blocks.
     */
    void infer(InferenceRequest request, ResponseSink sink);

    /** Answers a request that has exactly one answer. */
    CompletionStage<InferenceResponse> infer(InferenceRequest request);

    /**
     * The version that a reference means now. For an endpoint with several targets the first one.
     *
     * @throws dev.slipway.core.FailureException {@code ModelNotFound}, {@code VersionNotFound} or {@code NotReady}
     */
    LoadedVersion version(ModelRef ref);

    /** The version that gave an answer, which may be another target of the endpoint than was looked up before. */
    default LoadedVersion answering(InferenceResponse response, LoadedVersion named) {
        if (response.version() == named.version()) {
            return named;
        }
        try {
            return version(ModelRef.of(response.model(), response.version()));
        } catch (FailureException e) {
            return named;
        }
    }

    /** What is published of each model, sorted by name. */
    List<Published> published();

    /** What is published of one model. */
    Optional<Published> published(ModelName model);

    dev.slipway.core.TensorPool pool();

    /** What models hold of the memory that they may. */
    MemoryUse memory();

    /** Bytes of native memory that models hold, and may hold together. */
    record MemoryUse(long held, long limit) {}

    /** What the answers take that are kept for requests which come again. */
    CacheUse cache();

    /** How many versions are still in memory because they have not drained in time. */
    long overdue();

    /** Refuses new requests with {@code NotReady}, and waits until every accepted one is answered or {@code patience} is over. */
    boolean drain(java.time.Duration patience);

    @Override
    void close();
}
