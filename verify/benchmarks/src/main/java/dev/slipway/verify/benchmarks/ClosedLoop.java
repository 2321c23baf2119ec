package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Load by connections each of which posts the same body again once it has the whole answer; one thread serves them all. */
final class ClosedLoop {

    private final Served served;
    private final byte[] request;
    private final int connections;

    ClosedLoop(Served served, byte[] body, int connections) {
        this.served = served;
        this.request = request(served.url(), body);
        this.connections = connections;
    }

    private static byte[] request(URI url, byte[] body) {
        byte[] head = ("POST " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static boolean waiting(List<LoopedConnection> all) {
        return all.stream().anyMatch(LoopedConnection::waiting);
    }

    /** Loads the server for a while; throws when it answers anything but 200. */
    Window run(Duration duration) throws IOException {
        Latencies latencies = new Latencies();
        List<LoopedConnection> all = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress(
                        served.url().getHost(), served.url().getPort()));
                LoopedConnection connection = new LoopedConnection(served.name(), channel, request, latencies);
                all.add(connection);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, connection);
            }
            Duration before = served.processorTime();
            long began = System.nanoTime();
            for (LoopedConnection connection : all) {
                connection.send();
            }
            long end = began + duration.toNanos();
            while (System.nanoTime() < end || waiting(all)) {
                selector.select(
                        key -> {
                            LoopedConnection connection = (LoopedConnection) key.attachment();
                            connection.read();
                            if (!connection.waiting() && System.nanoTime() < end) {
                                connection.send();
                            }
                        },
                        10);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            double micros = served.processorTime().minus(before).toNanos() / 1e3;
            return latencies.window(seconds, micros);
        } finally {
            for (LoopedConnection connection : all) {
                connection.close();
            }
        }
    }
}
