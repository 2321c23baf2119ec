package dev.slipway.verify.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The numbers of a V2 request read by Jackson's streaming parser with its fast reading of floats, into an array. */
final class JacksonContender implements Contender {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private final byte[] text;
    private float[] values = new float[1 << 10];

    JacksonContender(byte[] text) {
        this.text = text.clone();
    }

    @Override
    public void run() {
        int count = 0;
        try (JsonParser json = JSON.createParser(text)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
                    if (count == values.length) {
                        values = java.util.Arrays.copyOf(values, 2 * count);
                    }
                    values[count++] = json.getFloatValue();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public float answer() {
        return values[values.length / 2];
    }

    @Override
    public void close() {}
}
