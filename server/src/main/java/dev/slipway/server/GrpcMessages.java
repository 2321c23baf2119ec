package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.core.TensorLease;
import dev.slipway.server.spi.NativeBuffers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a gRPC call brings, wherever its frames are cut: each is copied once, from its frames into pool
 * memory, and inflated there if it is compressed, small ones at once and others beside the event loop. While one is
 * inflated, or its reader has paused, the client is made to wait.
 */
final class GrpcMessages implements DirectBodies.Reader {

    /** The encodings of messages that are taken, as {@code grpc-accept-encoding} has them. */
    static final String ENCODINGS = "identity, deflate, gzip";

    private static final int PREFIX = 5;
    private static final int INFLATE_HERE = 4 << 10;

    /** So much is inflated at a time; between two it is looked whether anybody still waits. */
    private static final int PIECE = 16 << 10;

    /**
     * Who gets the messages.
     *
     * @param message takes one, a claim of its own
     * @param end runs when the client has said all
     * @param refused is told what cannot be taken; nothing more comes then
     */
    record Reader(Consumer<TensorLease> message, Runnable end, Consumer<Throwable> refused) {}

    private final Shared shared;
    private final HomeLoop home;
    private final Connection connection;
    private final HttpServerRequest request;
    private final Reader reader;
    private final Deque<ByteBuffer> unread = new ArrayDeque<>(1);
    private @Nullable BodySlab slab;
    private int prefix;
    private boolean compressed;
    private long length;
    private long since;
    private boolean reading;
    private boolean paused;
    private boolean inflating;
    private boolean held;
    private boolean whole;
    private boolean said;
    private boolean awaited;
    private volatile boolean over;

    GrpcMessages(Shared shared, HomeLoop home, Connection connection, HttpServerRequest request, Reader reader) {
        this.shared = shared;
        this.home = home;
        this.connection = connection;
        this.request = request;
        this.reader = reader;
    }

    /**
     * Begins to read.
     *
     * @param wanted whether the client is to say all it has soon, instead of when it likes
     */
    void begin(boolean wanted) {
        awaited = wanted;
        since = System.nanoTime();
        connection.readBy(request, this);
        request.handler(this::frame);
        request.endHandler(_ -> {
            whole = true;
            read();
        });
    }

    void pause() {
        paused = true;
        hold();
    }

    void resume() {
        paused = false;
        hold();
        read();
    }

    /** Lets the client wait or go on. */
    private void hold() {
        boolean wait = !over && (paused || inflating);
        if (wait == held) {
            return;
        }
        held = wait;
        since = System.nanoTime();
        if (request.isEnded()) {
            return;
        }
        if (wait) {
            request.pause();
        } else {
            request.resume();
        }
    }

    private void frame(Buffer frame) {
        if (!over) {
            unread.add(NativeBuffers.bytes(frame));
            read();
        }
    }

    @Override
    public boolean ready() {
        return unread.isEmpty() && !held;
    }

    @Override
    public void read(ByteBuffer bytes) {
        if (over) {
            return;
        }
        unread.add(bytes);
        read();
        if (bytes.hasRemaining() && !over) {
            unread.removeLast();
            unread.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
        }
    }

    private void read() {
        if (reading) {
            return;
        }
        reading = true;
        try {
            for (ByteBuffer bytes = unread.peek(); bytes != null && goesOn(); bytes = unread.peek()) {
                if (bytes.hasRemaining()) {
                    take(bytes);
                } else {
                    unread.remove();
                }
            }
            if (whole && goesOn()) {
                finish();
            }
        } catch (RuntimeException | Error e) {
            refuse(e);
        } finally {
            reading = false;
        }
    }

    private boolean goesOn() {
        return !over && !said && !paused && !inflating;
    }

    private void take(ByteBuffer bytes) {
        BodySlab to = slab;
        if (to == null) {
            prefix(bytes.get());
            return;
        }
        int here = (int) Math.min(bytes.remaining(), length - to.size());
        to.append(MemorySegment.ofBuffer(bytes.slice(bytes.position(), here)));
        bytes.position(bytes.position() + here);
        if (to.size() == length) {
            complete(to);
        }
    }

    private void prefix(byte next) {
        if (prefix == 0) {
            since = System.nanoTime();
            length = 0;
            requireFlag(next);
        } else {
            length = length << 8 | (next & 0xff);
        }
        prefix++;
        if (prefix == PREFIX) {
            prefix = 0;
            BodySlab begun = slab();
            slab = begun;
            if (length == 0) {
                complete(begun);
            }
        }
    }

    private void requireFlag(byte flag) {
        if (flag != 0 && flag != 1) {
            throw new FailureException(
                    Failure.BadInput.malformed("a message begins with 0 or 1 (compressed), " + flag + " given"));
        }
        compressed = flag == 1;
        String encoding = encoding();
        if (compressed && (encoding == null || encoding.equals("identity"))) {
            throw new FailureException(
                    Failure.BadInput.malformed("a message is compressed, and 'grpc-encoding' does not say how"));
        }
        if (compressed && !"gzip".equals(encoding) && !"deflate".equals(encoding)) {
            throw new FailureException(new Failure.Unsupported(
                    "grpc-encoding " + Quoted.of(String.valueOf(encoding)) + " is not one of: " + ENCODINGS));
        }
    }

    /** What the client calls its way of compressing; the names are ABNF, which knows no case. */
    private @Nullable String encoding() {
        String given = request.getHeader("grpc-encoding");
        return given == null ? null : given.toLowerCase(Locale.ROOT);
    }

    private BodySlab slab() {
        long limit = shared.config().limits().body().bytes();
        if (length > limit) {
            throw new FailureException(new Failure.TooLarge(
                    "message: " + length + " bytes given, at most " + limit + " are allowed (limits.body)"));
        }
        return new BodySlab(shared.pool(), shared.budget(), length, limit, 0, "message");
    }

    private void complete(BodySlab all) {
        TensorLease message = all.finish();
        slab = null;
        if (!compressed) {
            reader.message().accept(message);
            return;
        }
        boolean gzip = "gzip".equals(encoding());
        if (length <= INFLATE_HERE) {
            reader.message().accept(inflated(message, gzip));
        } else {
            inflating = true;
            hold();
            home.await(home.blocking(() -> inflated(message, gzip)), this::inflated);
        }
    }

    private void inflated(TensorLease message, @Nullable Throwable error) {
        inflating = false;
        if (error != null) {
            refuse(new FailureException(FailureException.of(error), error));
        } else if (over) {
            message.close();
        } else {
            hand(message);
        }
        hold();
        read();
    }

    private void hand(TensorLease message) {
        try {
            reader.message().accept(message);
        } catch (RuntimeException | Error e) {
            refuse(e);
        }
    }

    private TensorLease inflated(TensorLease message, boolean gzip) {
        var limits = shared.config().limits();
        BodySlab to = new BodySlab(
                shared.pool(), shared.budget(), -1, limits.decompressed().bytes(), 0, "decompressed message");
        Inflation inflation = new Inflation(gzip, to, limits.ratio());
        try (message) {
            ByteBuffer compressed = message.tensor().data().asByteBuffer();
            while (compressed.hasRemaining()) {
                requireWanted();
                int piece = Math.min(PIECE, compressed.remaining());
                inflation.accept(compressed.slice(compressed.position(), piece));
                compressed.position(compressed.position() + piece);
            }
            inflation.finish();
            return to.finish();
        } catch (RuntimeException | Error e) {
            to.abandon();
            throw e;
        } finally {
            inflation.close();
        }
    }

    private void requireWanted() {
        if (over) {
            throw new FailureException(new Failure.Cancelled("nobody waits for the message any more"));
        }
    }

    private void finish() {
        if (begun()) {
            throw new FailureException(Failure.BadInput.malformed("the call ended in the middle of a message"));
        }
        said = true;
        reader.end().run();
    }

    private void refuse(Throwable why) {
        if (!over) {
            stop();
            reader.refused().accept(why);
        }
    }

    private boolean begun() {
        return prefix > 0 || slab != null;
    }

    /** Whether a message is awaited, or has begun, and does not come. */
    boolean late(long now, long patienceNanos) {
        long come = slab == null ? 0 : slab.size();
        return goesOn()
                && (awaited || begun())
                && now - since > patienceNanos + come / Incoming.BYTES_PER_SECOND * 1_000_000_000L;
    }

    /** The call gets no more; what still comes is passed over. */
    void stop() {
        over = true;
        unread.clear();
        if (slab != null) {
            slab.abandon();
            slab = null;
        }
        hold();
    }
}
