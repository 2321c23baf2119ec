package dev.slipway.verify.benchmarks;

import dev.slipway.json.Json;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What is posted again and again: a V2 request, with its headers. */
public final class Post {

    private final byte[] body;
    private final String type;
    private final int head;

    private Post(byte[] body, String type, int head) {
        this.body = body;
        this.type = type;
        this.head = head;
    }

    /** The model's values as V2 JSON. */
    public static Post json(BenchmarkModel model) {
        byte[] body = ("{\"inputs\":[{\"name\":\"" + model.input() + "\",\"shape\":"
                        + Arrays.toString(model.inputShape().toArray()).replace(" ", "")
                        + ",\"datatype\":\"FP32\",\"data\":"
                        + model.values().toString().replace(" ", "") + "}]}")
                .getBytes(StandardCharsets.UTF_8);
        return new Post(body, "application/json", 0);
    }

    /** The model's values as bytes behind the JSON, its answer as bytes, too. */
    public static Post binary(BenchmarkModel model) {
        byte[] head = Json.write(Map.of(
                        "inputs",
                        List.of(Map.of(
                                "name",
                                model.input(),
                                "shape",
                                Arrays.stream(model.inputShape().toArray())
                                        .boxed()
                                        .toList(),
                                "datatype",
                                "FP32",
                                "parameters",
                                Map.of("binary_data_size", 4 * model.width()))),
                        "parameters",
                        Map.of("binary_data_output", true)))
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(head.length + 4 * model.width()).order(ByteOrder.LITTLE_ENDIAN);
        body.put(head);
        model.values().forEach(body::putFloat);
        return new Post(body.array(), "application/octet-stream", head.length);
    }

    public int length() {
        return body.length;
    }

    public byte[] body() {
        return body.clone();
    }

    /** The bytes of an HTTP/1.1 request. */
    byte[] request(URI url) {
        byte[] headers = ("POST " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                        + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                        + (head == 0 ? "" : "\r\nInference-Header-Content-Length: " + head) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(headers, headers.length + body.length);
        System.arraycopy(body, 0, all, headers.length, body.length);
        return all;
    }
}
