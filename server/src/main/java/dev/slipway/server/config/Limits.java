package dev.slipway.server.config;

import dev.slipway.core.DataSize;

/**
 * What a client may ask of the server.
 *
 * @param body the most bytes of one request body, as sent
 * @param header the most bytes of a request's headers
 * @param decompressed the most bytes that one compressed body may become
 * @param ratio the most bytes that one compressed byte may become, over the whole body
 * @param upload the most bytes of one file sent for deployment
 * @param answer the most bytes of the JSON of one answer
 * @param inFlight the most bytes that bodies hold together
 * @param connections open connections
 * @param streams concurrent HTTP/2 streams of one connection
 */
public record Limits(
        DataSize body,
        DataSize header,
        DataSize decompressed,
        int ratio,
        DataSize upload,
        DataSize answer,
        DataSize inFlight,
        int connections,
        int streams) {

    public static final Limits DEFAULT = new Limits(
            DataSize.ofMebibytes(64),
            new DataSize(16 << 10),
            DataSize.ofMebibytes(256),
            200,
            DataSize.ofMebibytes(8 << 10),
            DataSize.ofMebibytes(256),
            DataSize.ofMebibytes(1 << 10),
            10_000,
            256);

    public Limits {
        require(body.bytes() >= 1 && body.bytes() <= 1L << 31, "limits.body", body, "between 1B and 2GiB");
        require(header.bytes() >= 1 << 10 && header.bytes() <= 1 << 20, "limits.header", header, "1KiB to 1MiB");
        require(decompressed.bytes() <= 1L << 34, "limits.decompressed", decompressed, "at most 16GiB");
        require(ratio >= 1, "limits.ratio", ratio, "at least 1");
        require(answer.bytes() >= 1 << 10 && answer.bytes() <= 1 << 30, "limits.answer", answer, "1KiB to 1GiB");
        require(inFlight.compareTo(body) >= 0, "limits.in_flight", inFlight, "at least limits.body, " + body);
        require(connections >= 1, "limits.connections", connections, "at least 1");
        require(streams >= 1, "limits.streams", streams, "at least 1");
    }

    private static void require(boolean holds, String key, Object given, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(key + " " + given + " must be " + rule);
        }
    }
}
