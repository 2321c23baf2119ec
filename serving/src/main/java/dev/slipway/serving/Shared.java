package dev.slipway.serving;

import dev.slipway.core.TensorPool;

/**
 * What all versions of a server share.
 *
 * @param waiting the bytes of the inputs that wait in queues
 * @param unanswered the requests accepted and not yet answered
 */
record Shared(
        ServingConfig config,
        TensorPool pool,
        Timer timer,
        ServingObserver observer,
        Dispatcher dispatcher,
        ByteBudget waiting,
        Claims unanswered) {}
