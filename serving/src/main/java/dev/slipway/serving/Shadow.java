package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.ResponseSink;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends copies of requests to one version and throws its answers away. What does not fit under its limit is dropped. */
final class Shadow {

    private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

    private final ServedVersion version;
    private final int limit;
    private final AtomicInteger underWay = new AtomicInteger();

    Shadow(ServedVersion version, int limit) {
        this.version = version;
        this.limit = limit;
    }

    /** A copy of a request with claims of its own on the same tensors; null when too many are under way. */
    @Nullable
    InferenceRequest copy(InferenceRequest request) {
        if (underWay.incrementAndGet() > limit) {
            underWay.decrementAndGet();
            return null;
        }
        return new InferenceRequest(
                request.model(),
                request.id(),
                NamedTensor.retainAll(request.inputs()),
                request.outputs(),
                request.deadline(),
                request.parameters(),
                request.routingKey(),
                new Cancellation());
    }

    void send(InferenceRequest copy) {
        try {
            if (version.accept(copy, new Discard(), true)) {
                return;
            }
        } catch (FailureException e) {
            // nobody waits for it, and the version that was asked has counted nothing
        } catch (RuntimeException e) {
            LOG.error("a copy for the shadow '{}' version {} broke", version.model(), version.version(), e);
        }
        giveUp(copy);
    }

    void giveUp(InferenceRequest copy) {
        underWay.decrementAndGet();
        copy.close();
    }

    private final class Discard implements ResponseSink {

        @Override
        public void next(InferenceResponse response) {
            response.close();
        }

        @Override
        public void complete() {
            underWay.decrementAndGet();
        }

        @Override
        public void fail(Failure failure) {
            underWay.decrementAndGet();
        }
    }
}
