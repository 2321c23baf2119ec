package dev.slipway.verify.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One HTTP/1.1 connection of which a test sends and reads every byte itself. */
final class RawHttp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    RawHttp(int port) throws IOException {
        this(port, 0);
    }

    /** A connection that takes little at a time. */
    RawHttp(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** An answer that came whole. */
    record Answer(int status, Map<String, String> headers, String body) {

        /** Whether the server says that it takes no more on this connection. */
        boolean last() {
            return headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        }

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static String request(String method, String path, String body) {
        return method + " " + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    RawHttp send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /**
     * The next answer; empty when the server has closed the connection without a byte of one.
     *
     * @throws EOFException when an answer breaks off
     */
    Optional<Answer> answer() throws IOException {
        Optional<String> start = line(true);
        if (start.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(false).orElseThrow();
                !line.isEmpty();
                line = line(false).orElseThrow()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException(body.length + " of " + length + " bytes of a body came");
        }
        int status = Integer.parseInt(start.get().substring(9, 12));
        return Optional.of(new Answer(status, headers, new String(body, StandardCharsets.UTF_8)));
    }

    /** A request and its answer, which must come. */
    Answer exchange(String method, String path, String body) throws IOException {
        send(request(method, path, body));
        return answer().orElseThrow(() -> new EOFException("no answer to " + method + " " + path));
    }

    private Optional<String> line(boolean mayEnd) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (; ; ) {
            int next = read(mayEnd && line.size() == 0);
            if (next < 0 && mayEnd && line.size() == 0) {
                return Optional.empty();
            }
            if (next < 0) {
                throw new EOFException("an answer broke off after '" + line.toString(StandardCharsets.UTF_8) + "'");
            }
            if (next == '\n') {
                return Optional.of(line.toString(StandardCharsets.UTF_8).stripTrailing());
            }
            line.write(next);
        }
    }

    private int read(boolean mayEnd) throws IOException {
        try {
            return in.read();
        } catch (SocketException e) {
            if (mayEnd) {
                return -1;
            }
            throw e;
        }
    }

    /** Goes away without a word. */
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
