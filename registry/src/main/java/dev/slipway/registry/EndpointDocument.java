package dev.slipway.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.core.Endpoint;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An endpoint as the JSON that is stored: {@code {"targets":[{"version":1,"weight":1}],"shadow":null,"sticky":false}}. */
final class EndpointDocument {

    private static final JsonFactory JSON = new JsonFactory();

    private EndpointDocument() {}

    static String write(Endpoint endpoint) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, endpoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static void write(JsonGenerator json, Endpoint endpoint) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("targets");
        for (Endpoint.Target target : endpoint.targets()) {
            json.writeStartObject();
            json.writeNumberField("version", target.version());
            json.writeNumberField("weight", target.weight());
            json.writeEndObject();
        }
        json.writeEndArray();
        Long shadow = endpoint.shadow();
        if (shadow == null) {
            json.writeNullField("shadow");
        } else {
            json.writeNumberField("shadow", shadow);
        }
        json.writeBooleanField("sticky", endpoint.sticky());
        json.writeEndObject();
    }

    static Endpoint read(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            return read(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the object that the parser stands on. */
    static Endpoint read(JsonParser json) throws IOException {
        List<Endpoint.Target> targets = new ArrayList<>();
        Long shadow = null;
        boolean sticky = false;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            switch (field) {
                case "targets" -> {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        targets.add(target(json));
                    }
                }
                case "shadow" -> shadow = optional(json, value);
                case "sticky" -> sticky = json.getBooleanValue();
                default -> throw new IOException("'" + field + "' is not a part of an endpoint");
            }
        }
        return new Endpoint(targets, shadow, sticky);
    }

    private static Endpoint.Target target(JsonParser json) throws IOException {
        long version = 0;
        int weight = 0;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "version" -> version = json.getLongValue();
                case "weight" -> weight = json.getIntValue();
                default -> throw new IOException("'" + field + "' is not a part of a target");
            }
        }
        return new Endpoint.Target(version, weight);
    }

    private static @Nullable Long optional(JsonParser json, JsonToken value) throws IOException {
        return value == JsonToken.VALUE_NULL ? null : (Long) json.getLongValue();
    }
}
