package dev.slipway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every accepted socket until it closes. Vert.x tells of a connection only when its first request's head has come; what
 * holds before that, the limit on connections and the patience with a head, is kept here.
 */
final class Sockets {

    private final int most;
    private final Duration patience;
    private final HttpServerOptions options;
    private final Runnable refused;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<Channel> listeners = new ConcurrentLinkedQueue<>();
    private final Promise<Void> gone = Promise.promise();
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private volatile boolean leaving;

    /**
     * No sockets yet.
     *
     * @param most open at a time
     * @param patience with the head of a connection's first request
     * @param options that the listeners have
     * @param refused runs for each socket over the limit
     */
    Sockets(int most, Duration patience, HttpServerOptions options, Runnable refused) {
        this.most = most;
        this.patience = patience;
        this.options = options;
        this.refused = refused;
    }

    int count() {
        return count.get();
    }

    /** Comes when a thread that accepts or serves sockets has ended before they were to leave: those it had hang. */
    CompletionStage<Void> broken() {
        return broken.minimalCompletionStage();
    }

    /** What Vert.x listens with, so that every socket is known here. */
    Transport transport() {
        return new Listening();
    }

    /** Accepts no more, and lets go of those that have asked nothing; the future comes when all are closed. */
    Future<Void> leave() {
        leaving = true;
        for (Channel listener : listeners) {
            var _ = listener.close();
        }
        open.forEach(Socket::leave);
        settle();
        return gone.future();
    }

    private boolean admit(Channel channel) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            refused.run();
            return false;
        }
        Socket socket = new Socket(patience, options);
        open.add(socket);
        channel.pipeline().addFirst(socket);
        channel.closeFuture().addListener(_ -> {
            open.remove(socket);
            count.decrementAndGet();
            settle();
        });
        return true;
    }

    private void settle() {
        if (leaving && count.get() == 0) {
            gone.tryComplete();
        }
    }

    private void ended() {
        if (!leaving) {
            broken.complete(null);
        }
    }

    private final class Listening implements Transport {

        @Override
        public String name() {
            return NIO.name();
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public Throwable unavailabilityCause() {
            return NIO.unavailabilityCause();
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return new NioTransport() {
                @Override
                public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
                    EventLoopGroup loops = super.eventLoopGroup(type, threads, factory, ioRatio);
                    loops.forEach(loop -> loop.terminationFuture().addListener(_ -> ended()));
                    return loops;
                }

                @Override
                public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
                    return Listener::new;
                }
            };
        }
    }

    private final class Listener extends NioServerSocketChannel {

        Listener() {
            listeners.add(this);
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int before = accepted.size();
            int result = super.doReadMessages(accepted);
            for (int i = accepted.size() - 1; i >= before; i--) {
                Channel channel = (Channel) accepted.get(i);
                if (!admit(channel)) {
                    accepted.remove(i);
                    channel.unsafe().closeForcibly();
                }
            }
            return result;
        }
    }
}
