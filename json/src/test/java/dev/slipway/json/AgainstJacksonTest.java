package dev.slipway.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Jackson, strict, takes and refuses the same texts and reads the same values. */
class AgainstJacksonTest {

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonReader.MAX_DEPTH)
                    .maxNumberLength(NumberScanner.MAX_LENGTH)
                    .build())
            .build();
    private static final String REFUSED = "(refused)";
    private static final String ALPHABET = "{}[],:\"\\/ \t\n0123456789-+.eEtrufalsn\u0001éx😀";

    /** Fails unless both readers agree on a text; both may refuse it. */
    static void agree(byte[] text) {
        Object ours = ours(text);
        Object jacksons = jacksons(text);
        if (REFUSED.equals(ours) && !REFUSED.equals(jacksons) && beyondOurLimits(jacksons)) {
            return;
        }
        assertThat(REFUSED.equals(ours) ? "refused" : "taken")
                .as("%s, by Jackson read as %s", new String(text, StandardCharsets.UTF_8), jacksons)
                .isEqualTo(REFUSED.equals(jacksons) ? "refused" : "taken");
        if (!REFUSED.equals(ours)) {
            assertThat(Json.write(ours)).isEqualTo(Json.write(jacksons));
            assertThat(Json.parse(Json.write(ours))).isEqualTo(ours);
        }
    }

    private static Object ours(byte[] text) {
        try {
            Object value = Json.parse(text);
            return value == null ? "null" : value;
        } catch (FailureException e) {
            assertThat(e.failure()).isInstanceOf(Failure.BadInput.class);
            return REFUSED;
        }
    }

    private static Object jacksons(byte[] text) {
        if (text.length >= 2
                && (text[0] == 0
                        || text[1] == 0
                        || text[0] == (byte) 0xEF
                        || text[0] == (byte) 0xFE
                        || text[0] == (byte) 0xFF)) {
            return REFUSED; // Jackson would guess UTF-16 or UTF-32, or pass over a byte order mark
        }
        try (JsonParser parser = JACKSON.createParser(text)) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)); // Jackson takes overlong forms
            if (parser.nextToken() == null) {
                return REFUSED;
            }
            Object value = value(parser);
            return parser.nextToken() != null ? REFUSED : value == null ? "null" : value;
        } catch (IOException | IllegalArgumentException e) {
            return REFUSED;
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Object number(String text) {
        double rounded = Double.parseDouble(text);
        if (Double.isInfinite(rounded)) {
            return rounded;
        }
        if (text.matches("-?[0-9]+") && !text.equals("-0")) {
            BigDecimal whole = new BigDecimal(text);
            return whole.compareTo(BigDecimal.valueOf(whole.longValue())) == 0
                    ? (Object) whole.longValue()
                    : wide(whole, rounded);
        }
        return rounded == 0 ? (Object) rounded : wide(new BigDecimal(text), rounded);
    }

    private static Object wide(BigDecimal exact, double rounded) {
        if (exact.compareTo(new BigDecimal(Double.toString(rounded))) == 0) {
            return rounded;
        }
        return exact.compareTo(BigDecimal.valueOf(exact.longValue())) == 0 ? (Object) exact.longValue() : exact;
    }

    /** Numbers beyond FP64 and halves of surrogates, which Jackson takes. */
    private static boolean beyondOurLimits(Object value) {
        return switch (value) {
            case Double number -> number.isInfinite();
            case String text -> !StandardCharsets.UTF_8.newEncoder().canEncode(text);
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .anyMatch(member -> beyondOurLimits(member.getKey())
                                || (member.getValue() != null && beyondOurLimits(member.getValue())));
            case List<?> list -> list.stream().anyMatch(element -> element != null && beyondOurLimits(element));
            default -> false;
        };
    }

    @Test
    void agreesOnRandomDocuments() {
        Random random = new Random(11);
        for (int i = 0; i < 8_000; i++) {
            agree(document(random, 4).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void agreesOnDamagedDocuments() {
        Random random = new Random(12);
        for (int i = 0; i < 20_000; i++) {
            byte[] text = document(random, 3).getBytes(StandardCharsets.UTF_8);
            for (int k = random.nextInt(3); k >= 0; k--) {
                text = damaged(text, random);
            }
            agree(text);
        }
    }

    private static byte[] damaged(byte[] text, Random random) {
        byte[] copy = text.clone();
        int at = random.nextInt(Math.max(1, copy.length));
        return switch (random.nextInt(4)) {
            case 0 -> java.util.Arrays.copyOf(copy, at);
            case 1 -> {
                if (copy.length > 0) {
                    copy[at] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                }
                yield copy;
            }
            case 2 -> {
                if (copy.length > 0) {
                    copy[at] = (byte) random.nextInt();
                }
                yield copy;
            }
            default -> {
                byte[] longer = new byte[copy.length + 1];
                System.arraycopy(copy, 0, longer, 0, at);
                longer[at] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                System.arraycopy(copy, at, longer, at + 1, copy.length - at);
                yield longer;
            }
        };
    }

    private static String document(Random random, int depth) {
        String space = random.nextInt(8) == 0 ? " \n" : "";
        return space
                + switch (random.nextInt(depth == 0 ? 4 : 7)) {
                    case 0 -> string(random);
                    case 1, 2 -> number(random);
                    case 3 -> List.of("true", "false", "null").get(random.nextInt(3));
                    case 4, 5 -> {
                        List<String> elements = new ArrayList<>();
                        for (int i = random.nextInt(4); i > 0; i--) {
                            elements.add(document(random, depth - 1));
                        }
                        yield "[" + String.join(",", elements) + "]";
                    }
                    default -> {
                        List<String> members = new ArrayList<>();
                        for (int i = random.nextInt(4); i > 0; i--) {
                            members.add(string(random) + space + ":" + document(random, depth - 1));
                        }
                        yield "{" + String.join(",", members) + "}";
                    }
                }
                + space;
    }

    private static String string(Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 30 : 4); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.append("\\").append("\"\\/bfnrt".charAt(random.nextInt(8)));
                case 1 -> text.append("\\u%04x".formatted(random.nextInt(0xD800)));
                case 2 -> text.append("\\uD83D\\uDE0").append(random.nextInt(10));
                case 3 -> text.append("é€😀");
                default -> text.append((char) ('a' + random.nextInt(3)));
            }
        }
        return text.append('"').toString();
    }

    private static String number(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(random.nextInt(2000) - 1000);
            case 1 -> Long.toString(random.nextLong());
            case 2 -> Double.toString(random.nextGaussian());
            case 3 -> random.nextLong() + "" + random.nextInt(1_000_000_000);
            case 4 -> random.nextInt(100) + "." + random.nextInt(1_000_000_000) + "e" + (random.nextInt(800) - 400);
            default -> "-0";
        };
    }
}
