package dev.slipway.core.spi;

import dev.slipway.core.NamedTensor;
import java.util.List;

/**
 * Where a session puts its answers to one run: none, one or many. The run ends when {@link Session#run} returns
 * (complete) or throws (failed). All calls come from the thread that runs.
 */
public interface AnswerSink {

    /**
     * Waits until one more answer is wanted. A session that gives a single answer need not ask.
     *
     * @return false when the run was cancelled
     */
    boolean awaitDemand() throws InterruptedException;

    /** One answer: the outputs asked for, in that order. The sink takes them over and gives them back. */
    void next(List<NamedTensor> outputs);
}
