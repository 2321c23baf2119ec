package dev.slipway.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpConnectOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The connections of one event loop. Everything happens on that loop. */
final class Lane extends VerticleBase {

    private static final long RECONNECT_MILLIS = 100;

    private final HttpClientAgent client;
    private final HttpConnectOptions server;
    private final List<Message> messages;
    private final int size;
    private final boolean closed;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Long> due = new ArrayDeque<>();
    private final List<Connection> all = new ArrayList<>();
    private final Promise<Void> over = Promise.promise();
    private Tally tally = new Tally(Span.NEVER);
    private int next;
    private int underWay;
    private boolean ending;
    private boolean stopped;

    /**
     * A lane.
     *
     * @param messages sent in turn
     * @param size how many connections it opens
     * @param closed whether a connection asks again on its own
     */
    Lane(HttpClientAgent client, HttpConnectOptions server, List<Message> messages, int size, boolean closed) {
        this.client = client;
        this.server = server;
        this.messages = messages;
        this.size = size;
        this.closed = closed;
    }

    @Override
    public Future<?> start() {
        List<Future<?>> opening = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            opening.add(client.connect(server).onSuccess(connection -> add(new Connection(connection))));
        }
        return Future.all(opening);
    }

    private void add(Connection connection) {
        all.add(connection);
        idle.add(connection);
    }

    /** Counts from now on what is due in a span; every connection of a closed load asks. */
    void begin(Span span) {
        context.runOnContext(_ -> {
            tally = new Tally(span);
            if (closed) {
                List.copyOf(idle).forEach(_ -> free(idle.remove()));
            }
        });
    }

    /** A request is due, as of {@code moment}. */
    void arrive(long moment) {
        context.runOnContext(_ -> {
            tally.due(moment);
            if (idle.isEmpty()) {
                due.add(moment);
            } else {
                exchange(idle.remove(), moment);
            }
        });
    }

    private void exchange(Connection connection, long due) {
        Message message = messages.get(next);
        next = next + 1 == messages.size() ? 0 : next + 1;
        underWay++;
        connection.exchange(message).onComplete(answer -> {
            if (stopped) {
                return;
            }
            underWay--;
            if (answer.succeeded()) {
                tally.answered(due, System.nanoTime());
            } else {
                tally.failed(due, answer.cause());
            }
            boolean refused = answer.failed() && answer.cause() instanceof Connection.Refused;
            if (connection.broken() || (answer.failed() && !refused)) {
                all.remove(connection);
                connection.close();
                reconnect();
            } else {
                free(connection);
            }
        });
    }

    private void free(Connection connection) {
        if (!due.isEmpty()) {
            exchange(connection, due.remove());
        } else if (closed && !ending) {
            long now = System.nanoTime();
            tally.due(now);
            exchange(connection, now);
        } else {
            idle.add(connection);
            settle();
        }
    }

    private void settle() {
        if (ending && underWay == 0 && due.isEmpty()) {
            over.tryComplete();
        }
    }

    private void reconnect() {
        if (stopped) {
            return;
        }
        client.connect(server)
                .onSuccess(opened -> {
                    if (stopped) {
                        var _ = opened.close();
                        return;
                    }
                    Connection connection = new Connection(opened);
                    all.add(connection);
                    free(connection);
                })
                .onFailure(_ -> vertx.setTimer(RECONNECT_MILLIS, _ -> reconnect()));
        settle();
    }

    /** Begins nothing new; completes once all that is due has been answered. */
    Future<Void> end() {
        context.runOnContext(_ -> {
            ending = true;
            settle();
        });
        return over.future();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        List.copyOf(all).forEach(Connection::close);
        return Future.succeededFuture();
    }

    /** What came of its requests; to be read after it has stopped. */
    Tally tally() {
        return tally;
    }
}
