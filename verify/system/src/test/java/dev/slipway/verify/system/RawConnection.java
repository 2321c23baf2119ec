package dev.slipway.verify.system;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection that writes HTTP/1.1 byte by byte as a test wants it, and reads answers with a parser of its own. */
final class RawConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /**
     * An answer.
     *
     * @param headers by lower-case name
     */
    record Answer(int status, Map<String, String> headers, ByteString body) {

        String text() {
            return body.toStringUtf8();
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Sends one request on a connection of its own. */
    static Answer once(int port, String method, String path, byte[] body, String... headers) throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.request(method, path, body, headers);
            return connection.answer(method);
        }
    }

    static Answer once(int port, String method, String path) throws IOException {
        return once(port, method, path, new byte[0]);
    }

    /** Writes a request whose body has a length; lines of further headers come as {@code Name: value}. */
    RawConnection request(String method, String path, byte[] body, String... headers) throws IOException {
        send(head(method, path, "Content-Length: " + body.length, headers));
        return send(body);
    }

    /** Writes a request whose body comes in chunks of the size. */
    RawConnection chunked(String path, byte[] body, int size, String... headers) throws IOException {
        send(head("POST", path, "Transfer-Encoding: chunked", headers));
        for (int at = 0; at < body.length; at += size) {
            int length = Math.min(size, body.length - at);
            send((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            send("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] head(String method, String path, String framing, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        head.append(framing).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    RawConnection send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    InputStream in() {
        return in;
    }

    /** Reads the answer to a request of this method: one to {@code HEAD} has no body. */
    Answer answer(String method) throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = method.equals("HEAD") || status[1].equals("204") ? new byte[0] : body(headers);
        return new Answer(Integer.parseInt(status[1]), headers, ByteString.copyFrom(body));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended after '" + line + "'");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
