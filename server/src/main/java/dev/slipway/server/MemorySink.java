package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.TensorLease;
import dev.slipway.server.config.Limits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a body into pool memory, decompressed. */
final class MemorySink implements BodySink {

    private final Promise<TensorLease> body = Promise.promise();
    private final long limit;
    private final BodySlab slab;
    private final @Nullable Inflation inflation;

    /**
     * Memory for a body.
     *
     * @param declared its length if it is known, else -1
     * @param aligned the byte that is to lie on a 64-byte boundary
     */
    MemorySink(Shared shared, long declared, long aligned, @Nullable String encoding) {
        Limits limits = shared.config().limits();
        this.limit = limits.body().bytes();
        Boolean gzip = Inflation.gzip(encoding);
        if (gzip == null) {
            this.slab = new BodySlab(shared.pool(), shared.budget(), declared, limit, aligned, "body");
            this.inflation = null;
        } else {
            this.slab = new BodySlab(
                    shared.pool(), shared.budget(), -1, limits.decompressed().bytes(), aligned, "decompressed body");
            this.inflation = new Inflation(gzip, slab, limits.ratio());
        }
    }

    Future<TensorLease> body() {
        return body.future();
    }

    @Override
    public void take(ByteBuffer chunk, long received) {
        if (inflation == null) {
            slab.append(MemorySegment.ofBuffer(chunk));
        } else if (received > limit) {
            throw new FailureException(
                    new Failure.TooLarge("body: more than the " + limit + " bytes that are allowed (limits.body)"));
        } else {
            inflation.accept(chunk);
        }
    }

    @Override
    public void finish() {
        if (inflation != null) {
            inflation.finish();
            inflation.close();
        }
        body.complete(slab.finish());
    }

    @Override
    public void abandon(Throwable why) {
        slab.abandon();
        if (inflation != null) {
            inflation.close();
        }
        body.tryFail(why);
    }
}
