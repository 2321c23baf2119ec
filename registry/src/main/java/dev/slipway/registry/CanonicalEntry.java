package dev.slipway.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.core.Sha256;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a history entry that are hashed: one JSON object without white space, its keys in a fixed order, numbers
 * as digits, times in UTC. They are kept as they were written, so that a later format needs no rewriting of old ones.
 */
final class CanonicalEntry {

    static final int FORMAT = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private CanonicalEntry() {}

    /**
     * What an entry says of the state around the change.
     *
     * @param version the version that the entry is about or that gets the most after it
     * @param previous the version that got the most before
     * @param settingsRevisions the numbers of the settings revisions that the change writes, by version
     */
    record Facts(
            long seq,
            Instant time,
            long revision,
            @Nullable Long version,
            @Nullable Long previous,
            Endpoint endpoint,
            Map<Long, Long> settingsRevisions) {}

    static String write(Change change, Facts facts) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            writeName(json, change.model());
            json.writeNumberField("seq", facts.seq());
            json.writeStringField("time", facts.time().toString());
            json.writeNumberField("revision", facts.revision());
            json.writeStringField("actor", change.actor());
            json.writeStringField("action", change.action());
            json.writeStringField("reason", change.reason());
            writeOptional(json, "version", facts.version());
            writeOptional(json, "previous", facts.previous());
            json.writeFieldName("endpoint");
            EndpointDocument.write(json, facts.endpoint());
            writeAdded(json, change.add());
            writeAliases(json, change.aliases());
            writeSettings(json, change.settings(), facts.settingsRevisions());
            writeServed(json, change.served());
            json.writeArrayFieldStart("removed");
            for (long version : new TreeSet<>(change.remove())) {
                json.writeNumber(version);
            }
            json.writeEndArray();
            json.writeBooleanField("model_removed", change.removeModel());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeName(JsonGenerator json, ModelName model) throws IOException {
        json.writeStringField("project", model.project());
        json.writeStringField("model", model.name());
    }

    private static void writeAdded(JsonGenerator json, @Nullable VersionRecord added) throws IOException {
        if (added == null) {
            json.writeNullField("added");
            return;
        }
        json.writeObjectFieldStart("added");
        json.writeNumberField("version", added.number());
        json.writeStringField("digest", added.digest());
        json.writeStringField("settings", added.settings());
        json.writeBooleanField("served", added.served());
        json.writeEndObject();
    }

    private static void writeAliases(JsonGenerator json, Map<String, @Nullable Long> aliases) throws IOException {
        json.writeObjectFieldStart("aliases");
        for (Map.Entry<String, @Nullable Long> alias : new TreeMap<>(aliases).entrySet()) {
            writeOptional(json, alias.getKey(), alias.getValue());
        }
        json.writeEndObject();
    }

    private static void writeSettings(JsonGenerator json, Map<Long, String> settings, Map<Long, Long> revisions)
            throws IOException {
        json.writeArrayFieldStart("settings");
        for (Map.Entry<Long, String> entry : new TreeMap<>(settings).entrySet()) {
            json.writeStartObject();
            json.writeNumberField("version", entry.getKey());
            json.writeNumberField("revision", revisions.getOrDefault(entry.getKey(), 0L));
            json.writeStringField("document", entry.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeServed(JsonGenerator json, Map<Long, Boolean> served) throws IOException {
        json.writeObjectFieldStart("served");
        for (Map.Entry<Long, Boolean> entry : new TreeMap<>(served).entrySet()) {
            json.writeBooleanField(Long.toString(entry.getKey()), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void writeOptional(JsonGenerator json, String field, @Nullable Long value) throws IOException {
        if (value == null) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, value);
        }
    }

    /** The hash of an entry: sha-256, in hexadecimal, of the hash before it and its canonical bytes. */
    static String hash(String previousHash, String canonical) {
        return Sha256.hex(previousHash + canonical);
    }

    /** Whether canonical bytes begin as those of this format and model do. */
    static boolean isOf(String canonical, int format, ModelName model) {
        StringWriter start = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(start)) {
            json.writeStartObject();
            json.writeNumberField("format", format);
            writeName(json, model);
            json.flush();
            return canonical.startsWith(start.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads what was written.
     *
     * @throws IOException when {@code canonical} is not an entry
     */
    static HistoryEntry read(int format, String canonical, String previousHash, String hash) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        Map<String, Long> numbers = new TreeMap<>();
        Endpoint endpoint = Endpoint.NONE;
        try (JsonParser json = JSON.createParser(canonical)) {
            json.nextToken();
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (field.equals("endpoint")) {
                    endpoint = EndpointDocument.read(json);
                } else if (value == JsonToken.VALUE_STRING) {
                    texts.put(field, json.getText());
                } else if (value == JsonToken.VALUE_NUMBER_INT) {
                    numbers.put(field, json.getLongValue());
                } else {
                    json.skipChildren();
                }
            }
        }
        return new HistoryEntry(
                numbers.getOrDefault("seq", 0L),
                Instant.parse(texts.getOrDefault("time", "")),
                texts.getOrDefault("actor", ""),
                texts.getOrDefault("action", ""),
                numbers.get("version"),
                numbers.get("previous"),
                endpoint,
                texts.getOrDefault("reason", ""),
                format,
                canonical,
                previousHash,
                hash);
    }
}
