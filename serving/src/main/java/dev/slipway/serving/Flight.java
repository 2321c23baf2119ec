package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.ResponseSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run for equal requests: it belongs to none of them, goes on as long as one of them waits, and what it comes to is
 * told to all of them. An answer that is the only one is kept.
 */
final class Flight implements ResponseSink {

    private final ServedVersion version;
    private final AnswerCache cache;
    private final RequestKey key;
    private final Consumer<Flight> leave;
    private final Cancellation cancellation = new Cancellation();
    private final List<Waiter> waiters = new ArrayList<>();
    private boolean begun;
    private boolean open = true;
    private int answers;
    private @Nullable List<NamedTensor> copy;

    /** @param leave told once nobody may join any more */
    Flight(ServedVersion version, AnswerCache cache, RequestKey key, Consumer<Flight> leave) {
        this.version = version;
        this.cache = cache;
        this.key = key;
        this.leave = leave;
    }

    /**
     * Starts the run with the first request that waits for it, and with the claim on the version that its caller has.
     *
     * @throws FailureException why the version refuses it; who has joined meanwhile is told, too
     */
    void begin(InferenceRequest request, ResponseSink sink) {
        Waiter first = new Waiter(version, this, request, sink, true);
        synchronized (this) {
            waiters.add(first);
            begun = true;
        }
        InferenceRequest own = new InferenceRequest(
                request.model(),
                request.id(),
                request.inputs(),
                request.outputs(),
                null,
                request.parameters(),
                request.routingKey(),
                cancellation);
        try {
            version.begin(own, this, false);
        } catch (RuntimeException e) {
            Failure failure = FailureException.of(e);
            close().stream().filter(waiter -> waiter != first).forEach(waiter -> waiter.fail(failure));
            throw e;
        }
        first.watch();
    }

    /** Lets another equal request wait for the run and gives its inputs back; false when it is too late for that. */
    boolean join(InferenceRequest request, ResponseSink sink) {
        Waiter waiter = new Waiter(version, this, request, sink, false);
        synchronized (this) {
            if (!open) {
                return false;
            }
            waiters.add(waiter);
        }
        request.close();
        waiter.watch();
        return true;
    }

    /** One of them waits no more; with the last one the run ends, and nobody joins any more. */
    void left(Waiter waiter) {
        boolean closes;
        synchronized (this) {
            waiters.remove(waiter);
            if (!begun || !waiters.isEmpty()) {
                return;
            }
            closes = closes();
        }
        if (closes) {
            leave.accept(this);
        }
        cancellation.cancel(new Failure.Cancelled("nobody waits for the answer any more"));
    }

    /** Lets nobody join any more; those who have. */
    private List<Waiter> close() {
        List<Waiter> now;
        boolean closes;
        synchronized (this) {
            now = List.copyOf(waiters);
            closes = closes();
        }
        if (closes) {
            leave.accept(this);
        }
        return now;
    }

    /** Lets nobody join any more, under the lock; whether somebody could. */
    private boolean closes() {
        boolean was = open;
        open = false;
        return was;
    }

    @Override
    public void next(InferenceResponse response) {
        answers++;
        if (answers == 1) {
            copy = cache.copy(response.outputs());
        } else {
            dropCopy();
        }
        close().forEach(waiter -> waiter.next(response));
        response.close();
    }

    private void dropCopy() {
        List<NamedTensor> unused = copy;
        copy = null;
        if (unused != null) {
            NamedTensor.closeAll(unused);
        }
    }

    @Override
    public void complete() {
        List<NamedTensor> only = copy;
        copy = null;
        if (only != null) {
            cache.keep(key, only);
        }
        close().forEach(Waiter::complete);
    }

    @Override
    public void fail(Failure failure) {
        dropCopy();
        close().forEach(waiter -> waiter.fail(failure));
    }
}
