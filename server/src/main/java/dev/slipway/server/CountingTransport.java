package dev.slipway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sockets of a server's listeners. A connection counts from the moment it is accepted, whether it ever says
 * something or not; one too many is closed before anything is kept for it. Vert.x itself tells of a connection only
 * with its first bytes.
 */
final class CountingTransport extends NioTransport {

    private final int limit;
    private final Runnable refused;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * A transport.
     *
     * @param limit the most connections that are open at once, over all listeners
     * @param refused told of each connection above it
     */
    CountingTransport(int limit, Runnable refused) {
        this.limit = limit;
        this.refused = refused;
    }

    /** The same for Vert.x. */
    Transport asTransport() {
        return new TransportInternal("nio", true, null, this);
    }

    /** The connections that are open. */
    int open() {
        return open.get();
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return domainSocket ? super.serverChannelFactory(true) : Listener::new;
    }

    private boolean admit(Channel connection) {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            refused.run();
            connection.unsafe().closeForcibly();
            return false;
        }
        connection.closeFuture().addListener(_ -> open.decrementAndGet());
        return true;
    }

    private final class Listener extends NioServerSocketChannel {

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int before = accepted.size();
            int read = super.doReadMessages(accepted);
            accepted.subList(before, accepted.size())
                    .removeIf(connection -> connection instanceof Channel channel && !admit(channel));
            return read;
        }
    }
}
