package dev.slipway.serving;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Claims;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.ResponseSink;
import dev.slipway.core.TensorPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all versions of a server share.
 *
 * @param loops where requests come from
 * @param waiting the bytes of the inputs that wait in queues
 * @param unanswered the requests accepted and not yet answered
 */
record Shared(
        ServingConfig config,
        TensorPool pool,
        Timer timer,
        ServingObserver observer,
        Dispatcher dispatcher,
        EventLoops loops,
        ByteBudget waiting,
        Claims unanswered,
        ModelMemory memory,
        Loads loads,
        AnswerCache answers) {

    private static final Logger LOG = LoggerFactory.getLogger(Shared.class);

    /** Ends a request that no version has taken over. */
    void refuse(InferenceRequest request, ResponseSink sink, Throwable why) {
        Failure failure = FailureException.of(why);
        if (!(why instanceof FailureException)) {
            LOG.error("a request for '{}' broke before it could wait", request.model(), why);
        }
        request.close();
        observer.refused(request.model().model(), failure);
        sink.fail(failure);
    }
}
