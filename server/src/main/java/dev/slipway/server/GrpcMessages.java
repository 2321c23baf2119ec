package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC call's request, whose messages count against the bytes in flight while they come. A message's bytes are given
 * back when the next one begins or the call has ended.
 */
final class GrpcMessages extends HttpServerRequestWrapper {

    private static final int PREFIX = 5;

    /** What is compressed is inflated on the event loop, to no more than deflate's 1,032 times as much. */
    private static final long LARGEST_COMPRESSED = 64 << 10;

    private final BodyBudget budget;
    private final Consumer<RuntimeException> refused;
    private @Nullable Handler<Throwable> broken;
    private int prefix;
    private long length;
    private long missing;
    private long held;
    private long since;
    private boolean compressed;
    private boolean over;

    /**
     * A call whose messages are counted.
     *
     * @param refused is told when the budget has no room; the call gets no more then
     */
    GrpcMessages(HttpServerRequestInternal request, BodyBudget budget, Consumer<RuntimeException> refused) {
        super(request);
        this.budget = budget;
        this.refused = refused;
    }

    @Override
    public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
        delegate.handler(
                handler == null
                        ? null
                        : chunk -> {
                            if (counted(chunk)) {
                                handler.handle(chunk);
                            }
                        });
        return this;
    }

    @Override
    public HttpServerRequest endHandler(@Nullable Handler<Void> handler) {
        delegate.endHandler(
                handler == null
                        ? null
                        : _ -> {
                            if (!over && inMessage()) {
                                refuse(new FailureException(
                                        Failure.BadInput.malformed("the call ended in the middle of a message")));
                            } else if (!over) {
                                handler.handle(null);
                            }
                        });
        return this;
    }

    @Override
    public HttpServerRequest exceptionHandler(@Nullable Handler<Throwable> handler) {
        broken = handler;
        delegate.exceptionHandler(handler);
        return this;
    }

    private boolean counted(Buffer chunk) {
        if (over) {
            return false;
        }
        try {
            count(((BufferInternal) chunk).getByteBuf());
            return true;
        } catch (RuntimeException e) {
            refuse(e);
            return false;
        }
    }

    private void refuse(RuntimeException why) {
        stop(why);
        refused.accept(why);
    }

    private boolean inMessage() {
        return missing > 0 || prefix > 0;
    }

    private void count(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (missing > 0) {
                int here = (int) Math.min(missing, bytes.writerIndex() - at);
                budget.take(here);
                held += here;
                missing -= here;
                at += here;
            } else {
                if (prefix == 0) {
                    giveBack();
                    since = System.nanoTime();
                    requireFlag(bytes.getByte(at));
                }
                length = prefix == 0 ? 0 : length << 8 | (bytes.getByte(at) & 0xff);
                at++;
                prefix++;
                if (prefix == PREFIX) {
                    prefix = 0;
                    missing = length;
                    requireBounded();
                }
            }
        }
    }

    private void requireFlag(byte flag) {
        if (flag != 0 && flag != 1) {
            throw new FailureException(
                    Failure.BadInput.malformed("a message begins with 0 or 1 (compressed), " + flag + " given"));
        }
        compressed = flag == 1;
        String encoding = compressed ? delegate.getHeader("grpc-encoding") : "gzip";
        if (!"gzip".equals(encoding)) {
            throw new FailureException(
                    encoding == null
                            ? Failure.BadInput.malformed("a message is compressed, and no 'grpc-encoding' says how")
                            : new Failure.Unsupported(
                                    "grpc-encoding " + Quoted.of(encoding) + " is not one of: identity, gzip"));
        }
    }

    private void requireBounded() {
        if (compressed && length > LARGEST_COMPRESSED) {
            throw new FailureException(new Failure.TooLarge("a compressed message of " + length + " bytes, at most "
                    + LARGEST_COMPRESSED + " are taken; send it uncompressed"));
        }
    }

    /** Whether a message has begun and its rest does not come. */
    boolean late(long now, long patienceNanos) {
        return !over && inMessage() && now - since > patienceNanos + held / Incoming.BYTES_PER_SECOND * 1_000_000_000L;
    }

    /** The call gets no more. */
    void stop(Throwable why) {
        over = true;
        giveBack();
        if (broken != null) {
            broken.handle(why);
        }
    }

    /** The call has ended. */
    void ended() {
        over = true;
        giveBack();
    }

    private void giveBack() {
        budget.giveBack(held);
        held = 0;
    }
}
