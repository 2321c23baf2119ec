package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Load by connections each of which posts the same again once it has the whole answer; one thread serves them all. */
public final class ClosedLoop implements Subject {

    private final Served served;
    private final byte[] request;
    private final int connections;

    public ClosedLoop(Served served, Post post, int connections) {
        this.served = served;
        this.request = post.request(served.url());
        this.connections = connections;
    }

    @Override
    public String name() {
        return served.name();
    }

    /** Loads the server for a while; throws when it answers anything but 200. */
    @Override
    public Window run(Duration duration) throws IOException {
        Latencies latencies = new Latencies();
        List<LoopedConnection> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                all.add(connect(selector, latencies));
            }
            Duration before = served.processorTime();
            long began = System.nanoTime();
            long end = began + duration.toNanos();
            all.forEach(LoopedConnection::send);
            while (System.nanoTime() < end || all.stream().anyMatch(LoopedConnection::waiting)) {
                selector.select(
                        key -> {
                            LoopedConnection connection = (LoopedConnection) key.attachment();
                            connection.proceed();
                            if (!connection.waiting() && System.nanoTime() < end) {
                                connection.send();
                            }
                        },
                        10);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            return latencies.window(
                    seconds, served.processorTime().minus(before).toNanos() / 1e3);
        } finally {
            for (LoopedConnection connection : all) {
                connection.close();
            }
        }
    }

    private LoopedConnection connect(Selector selector, Latencies latencies) throws IOException {
        SocketChannel channel = SocketChannel.open(
                new InetSocketAddress(served.url().getHost(), served.url().getPort()));
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        LoopedConnection connection = new LoopedConnection(served.name(), channel, key, request, latencies);
        key.attach(connection);
        return connection;
    }
}
