package dev.slipway.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HTTP/2 by hand, on one stream after prior knowledge: for what a well-behaved client never sends. */
final class Frames implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;

    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;

    /** One frame; its payload as Latin-1. */
    record Frame(int type, int flags, int stream, String payload) {
        boolean last() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }
    }

    private final Wire wire;
    private int piece = Integer.MAX_VALUE;

    Frames(int port) throws IOException {
        wire = new Wire(port);
        wire.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        send(SETTINGS, 0, 0, new byte[0]);
    }

    /** From now on frames go out in pieces of so many bytes. */
    Frames inPieces(int bytes) {
        piece = bytes;
        return this;
    }

    /** Begins a request. */
    Frames headers(int stream, boolean last, String method, String path, String... more) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", method);
        literal(block, ":scheme", "http");
        literal(block, ":path", path);
        literal(block, ":authority", "localhost");
        for (int i = 0; i < more.length; i += 2) {
            literal(block, more[i], more[i + 1]);
        }
        return send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block.toByteArray());
    }

    /** A header of RFC 7541, 6.2.2, as neither side remembers it. */
    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        for (String text : new String[] {name, value}) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            block.write(bytes.length);
            block.writeBytes(bytes);
        }
    }

    Frames data(int stream, boolean last, byte[] bytes) throws IOException {
        return send(DATA, last ? END_STREAM : 0, stream, bytes);
    }

    /** Takes a request back. */
    Frames reset(int stream) throws IOException {
        return send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** A message of gRPC that says to be this long, and this much of it. */
    static byte[] message(int length, byte[] some) {
        return ByteBuffer.allocate(5 + some.length)
                .put((byte) 0)
                .putInt(length)
                .put(some)
                .array();
    }

    private Frames send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        byte[] bytes = frame.array();
        for (int at = 0; at < bytes.length; at += Math.min(piece, bytes.length - at)) {
            wire.send(Arrays.copyOfRange(bytes, at, at + Math.min(piece, bytes.length - at)));
        }
        return this;
    }

    /** The next frame; settings and pings are acknowledged and passed over. */
    Frame next() throws IOException {
        while (true) {
            byte[] head = bytes(9);
            int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
            Frame frame = new Frame(
                    head[3],
                    head[4],
                    ByteBuffer.wrap(head, 5, 4).getInt(),
                    new String(bytes(length), StandardCharsets.ISO_8859_1));
            boolean asks = frame.type() == SETTINGS || frame.type() == PING;
            if (!asks) {
                return frame;
            }
            if ((frame.flags() & ACK) == 0) {
                send(
                        frame.type(),
                        ACK,
                        0,
                        frame.type() == PING ? frame.payload().getBytes(StandardCharsets.ISO_8859_1) : new byte[0]);
            }
        }
    }

    /** The next frame of a type. */
    Frame next(int type) throws IOException {
        Frame frame = next();
        while (frame.type() != type) {
            frame = next();
        }
        return frame;
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = wire.body(count).getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < count) {
            throw new java.io.EOFException("the server closed the connection");
        }
        return bytes;
    }

    /** Everything until the server closes. */
    String rest() throws IOException {
        return wire.rest();
    }

    void vanish() throws IOException {
        wire.vanish();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
