package dev.slipway.verify.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection of a closed loop. */
final class LoopedConnection implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n", Pattern.CASE_INSENSITIVE);

    private final String server;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer request;
    private final Latencies latencies;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(1 << 16);
    private long sent;
    private boolean waiting;

    /** What is still to come of the answer; -1 until its head is here. */
    private long missing = -1;

    LoopedConnection(String server, SocketChannel channel, SelectionKey key, byte[] request, Latencies latencies) {
        this.server = server;
        this.channel = channel;
        this.key = key;
        this.request = ByteBuffer.allocateDirect(request.length).put(request);
        this.latencies = latencies;
    }

    void send() {
        request.rewind();
        waiting = true;
        sent = System.nanoTime();
        write();
    }

    private void write() {
        try {
            channel.write(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        key.interestOps(request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Whether the answer to what was sent last is not here yet. */
    boolean waiting() {
        return waiting;
    }

    /** Writes what there is room for, reads what has come. */
    void proceed() {
        if (request.hasRemaining()) {
            write();
        }
        if (key.isReadable()) {
            read();
        }
    }

    private void read() {
        try {
            int read = channel.read(answer);
            if (read < 0) {
                throw new IllegalStateException(server + " closed a connection");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (missing < 0) {
            head();
        } else {
            missing -= answer.position();
            answer.clear();
        }
        if (missing == 0) {
            missing = -1;
            waiting = false;
            latencies.add(System.nanoTime() - sent);
        }
    }

    private void head() {
        int size = answer.position();
        int end = endOfHead(size);
        if (end < 0) {
            return;
        }
        byte[] bytes = new byte[end];
        answer.get(0, bytes);
        String head = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher length = LENGTH.matcher(head);
        if (!head.startsWith("HTTP/1.1 200 ") || !length.find()) {
            throw new IllegalStateException(server + " must answer 200 with a content-length, and answered "
                    + head.lines().toList());
        }
        missing = Long.parseLong(length.group(1)) - (size - end);
        answer.clear();
    }

    private int endOfHead(int size) {
        for (int i = 3; i < size; i++) {
            if (answer.get(i) == '\n' && answer.get(i - 1) == '\r' && answer.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
