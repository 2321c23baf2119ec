package dev.slipway.core.spi;

import dev.slipway.core.Cancellation;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import java.util.List;

/** A loaded model. Safe for use by several threads. */
public interface Session extends AutoCloseable {

    Signature signature();

    /** What in the model may let rows of a batch influence each other, each with why; empty when the engine sees nothing. */
    List<String> rowMixing();

    /**
     * Whether the shapes of the inputs alone say how long a run takes, so that no values make it long; false when the
     * engine cannot tell. Only such a model may run on an event loop.
     */
    boolean steady();

    /**
     * Runs the model once and blocks until it is done.
     *
     * @param inputs each name once, types and ranks as in the signature; an optional one may be missing. They stay the
     *     caller's
     * @param outputs the names wanted, in the order in which they are to come
     * @param cancellation stops the run at the engine's next opportunity; it then fails with the cancellation's reason
     * @throws dev.slipway.core.FailureException {@code BadInput} when the engine refuses the inputs,
     *     {@code ModelFailed} when the model fails on them, {@code NotReady} when the session is closed
     */
    void run(List<NamedTensor> inputs, List<String> outputs, Cancellation cancellation, AnswerSink sink);

    /** The bytes of native memory that it holds now, weights and what runs have left for later ones. */
    long memory();

    /** Refuses new runs, cancels those going on, and frees the model when the last one has returned. Does not block. */
    @Override
    void close();
}
