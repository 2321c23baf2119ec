package dev.slipway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.JsonReader.Token;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    static JsonReader reader(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JsonReader(Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes));
    }

    private static Failure.BadInput refused(String text) {
        return refused(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Failure.BadInput refused(byte[] text) {
        try {
            Object value = Json.parse(text);
            throw new AssertionError("read as " + value);
        } catch (FailureException e) {
            return (Failure.BadInput) e.failure();
        }
    }

    @Test
    void pullsADocument() {
        JsonReader reader = reader(" {\"a\" : [1, true ,null], \"b\": {}, \"c\":\"d\"} ");
        assertThat(reader.peek()).isEqualTo(Token.OBJECT);
        reader.beginObject();
        assertThat(reader.peek()).isEqualTo(Token.NAME);
        assertThat(reader.nextName()).isEqualTo("a");
        assertThat(reader.peek()).isEqualTo(Token.ARRAY);
        reader.beginArray();
        assertThat(reader.peek()).isEqualTo(Token.NUMBER);
        assertThat(reader.nextElement()).isTrue();
        assertThat(reader.longValue()).isEqualTo(1);
        assertThat(reader.peek()).isEqualTo(Token.TRUE);
        assertThat(reader.nextElement()).isTrue();
        assertThat(reader.booleanValue()).isTrue();
        assertThat(reader.nextElement()).isTrue();
        reader.nullValue();
        assertThat(reader.peek()).isEqualTo(Token.END_ARRAY);
        assertThat(reader.nextElement()).isFalse();
        assertThat(reader.nextName()).isEqualTo("b");
        reader.beginObject();
        assertThat(reader.peek()).isEqualTo(Token.END_OBJECT);
        assertThat(reader.nextName()).isNull();
        assertThat(reader.nextName()).isEqualTo("c");
        assertThat(reader.string()).isEqualTo("d");
        assertThat(reader.nextName()).isNull();
        assertThat(reader.peek()).isEqualTo(Token.END);
        reader.end();
    }

    @Test
    void readsValuesWhole() {
        assertThat(Json.parse("{\"a\":[1,-2.5,\"x\",true,false,null,{}],\"b\":[]}"))
                .isEqualTo(new java.util.LinkedHashMap<>(Map.of(
                        "a", java.util.Arrays.asList(1L, -2.5, "x", true, false, null, Map.of()), "b", List.of())));
        assertThat(Json.parse("0.1")).isEqualTo(0.1);
        assertThat(Json.parse("-0")).isEqualTo(-0.0);
        assertThat(Json.parse("1e2")).isEqualTo(100.0);
        assertThat(Json.parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(Json.parse("18446744073709551615")).isEqualTo(new BigDecimal("18446744073709551615"));
        assertThat(Json.parse("0.1000000000000000000001")).isEqualTo(new BigDecimal("0.1000000000000000000001"));
        assertThat(Json.parse("1e-9999")).isEqualTo(0.0);
    }

    @Test
    void readsStrings() {
        assertThat(Json.parse("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\uDE00é€😀\\u0000z\""))
                .isEqualTo("a\"\\/\b\f\n\r\té€😀é€😀\0z");
        assertThat(Json.parse("\"" + "long enough for eight at a time ".repeat(9) + "\\n\""))
                .isEqualTo("long enough for eight at a time ".repeat(9) + "\n");
        assertThat(Json.parse("\"\u007f\"")).isEqualTo("\u007f");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "``|0|a value",
                "{|1|a name in quotes",
                "{\"a\"}|4|':'",
                "{\"a\":}|5|a value",
                "{\"a\":1,}|7|a name in quotes",
                "{,}|1|a name in quotes",
                "{a:1}|1|a name in quotes",
                "{\"a\":1 \"b\":2}|7|',' or '}'",
                "[1,]|3|a value",
                "[,1]|1|a value",
                "[1 2]|3|',' or ']'",
                "[1|2|',' or ']'",
                "[1}|2|',' or ']'",
                "1 2|2|the end",
                "{} x|3|the end",
                "nul|3|'null'",
                "tru|3|'true'",
                "NaN|0|a value",
                "Infinity|0|a value",
                "-Infinity|1|a digit",
                "01|1|no digit after a leading 0",
                "1.|2|a digit after the decimal point",
                "'a'|0|a value",
                "/* c */ 1|0|a value",
                "\"abc|4|the closing quote of the string at byte 0",
                "\"a\\x\"|3|one of \"\\/bfnrtu after a backslash",
                "\"a\\u12g4\"|6|a hexadecimal digit",
            })
    void namesThePositionOfWhatIsNotJson(String text, int position, String expected) {
        Failure.BadInput failure = refused(text);
        assertThat(failure.malformed()).isTrue();
        assertThat(failure.detail()).startsWith("malformed JSON at byte " + position + ": " + expected + " expected, ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22 01 22",
                "22 1f 22",
                "22 0a 22", // control characters
                "22 80 22",
                "22 bf 22",
                "22 c3 22",
                "22 c3 28 22", // stray and missing continuation
                "22 c0 af 22",
                "22 c1 bf 22",
                "22 e0 80 af 22",
                "22 e0 9f bf 22",
                "22 f0 80 80 af 22", // overlong
                "22 ed a0 80 22",
                "22 ed bf bf 22", // surrogates
                "22 f4 90 80 80 22",
                "22 f5 80 80 80 22",
                "22 ff 22",
                "22 fe 22", // beyond U+10FFFF
                "22 e2 82 22",
                "22 f0 9f 98 22",
                "22 e2", // cut off
                "ef bb bf 31",
                "00",
                "31 00"
            })
    void refusesBytesThatAreNoJsonText(String hex) {
        byte[] bytes = java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
        assertThat(refused(bytes).malformed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud800\"",
                "\"\\udc00\"",
                "\"\\ud800x\"",
                "\"\\ud800\\n\"",
                "\"\\ud800\\ud800\"",
                "\"\\udc00\\ud800\""
            })
    void refusesHalvesOfSurrogates(String text) {
        assertThat(refused(text).detail()).isEqualTo("malformed JSON at byte 1: a surrogate without its other half");
    }

    @Test
    void refusesANameThatComesTwice() {
        assertThat(refused("{\"a\":1,\"b\":{\"a\":1},\"\\u0061\":2}").detail())
                .isEqualTo("the name 'a' comes twice in one object, again at byte 19");
        JsonReader skipping = reader("[{\"x\":[{\"y\":1,\"y\":2}]}]");
        assertThatThrownBy(skipping::skip).hasMessageContaining("'y' comes twice");
        assertThat(Json.parse("[{\"a\":1},{\"a\":1}]")).isNotNull();
    }

    @Test
    void readsSixtyFourLevelsAndNoMore() {
        assertThat(Json.parse("[".repeat(64) + "]".repeat(64))).isNotNull();
        assertThat(refused("[".repeat(65)).detail())
                .isEqualTo("malformed JSON at byte 64: nested deeper than 64 arrays and objects");
        assertThat(refused("{\"a\":".repeat(100_000)).detail()).contains("nested deeper than 64");
        JsonReader skipping = reader("[".repeat(100_000));
        assertThatThrownBy(skipping::skip).hasMessageContaining("nested deeper");
    }

    @Test
    void saysWhatWasGivenInsteadOfWhatWasWanted() {
        assertThatThrownBy(() -> reader(" \"7\"").longValue())
                .hasMessage("at byte 1: a whole number expected, the string \"7\" given");
        assertThatThrownBy(() -> reader("1.0").longValue())
                .hasMessage("at byte 0: a whole number of 64 bits expected, 1.0 given");
        assertThatThrownBy(() -> reader("1e999").doubleValue())
                .hasMessage("at byte 0: a number in the range of FP64 expected, 1e999 given");
        assertThatThrownBy(() -> reader("[1]").string()).hasMessage("at byte 0: a string expected, a list given");
        assertThatThrownBy(() -> reader("0").booleanValue()).hasMessage("at byte 0: true or false expected, 0 given");
    }

    @Test
    void readsAgainFromAPosition() {
        JsonReader reader = reader("{\"data\":[1, 2], \"type\":\"x\"}");
        reader.beginObject();
        assertThat(reader.nextName()).isEqualTo("data");
        long position = reader.position();
        reader.skip();
        assertThat(reader.nextName()).isEqualTo("type");
        assertThat(reader.string()).isEqualTo("x");
        assertThat(reader.reread(position).value()).isEqualTo(List.of(1L, 2L));
    }

    @Test
    void readsTextFromTheHeap() {
        JsonReader reader = new JsonReader(MemorySegment.ofArray("[7]".getBytes(StandardCharsets.UTF_8)));
        assertThat(reader.value()).isEqualTo(List.of(7L));
    }

    @Test
    void whatIsWrongIsToldApartFromItsWords() {
        assertThat(fault("[1,}", JsonReader::value))
                .isEqualTo(new JsonFailure.Syntax(3, "a value expected, '}' given"));
        assertThat(fault("{\"a\":1,\"a\":2}", JsonReader::value)).isEqualTo(JsonFailure.Misfit.REPEATED_NAME);
        assertThat(fault("1", JsonReader::string)).isEqualTo(JsonFailure.Misfit.TYPE);
    }

    @Test
    void namesOfObjectsThatAreOpenAreHeldUpToALimit() {
        String many =
                IntStream.range(0, 60_000).mapToObj(i -> "\"" + i + "\":0").collect(Collectors.joining(","));
        JsonReader apart = reader("[{" + many + "},{" + many + "}]");
        apart.skip();
        apart.end();
        assertThat(fault("{" + many + ",\"inner\":{" + many + "}}", JsonReaderTest::skipped))
                .isEqualTo(JsonFailure.Misfit.TOO_MUCH);
    }

    @Test
    void longNamesOfOpenObjectsAreHeldUpToALimit() {
        String half = "\"" + "n".repeat(5 << 20);
        JsonReader apart = reader("[{" + half + "1\":0},{" + half + "2\":0}]");
        apart.skip();
        apart.end();
        assertThat(fault("{" + half + "1\":0," + half + "2\":0}", JsonReaderTest::skipped))
                .isEqualTo(JsonFailure.Misfit.TOO_MUCH);
    }

    @Test
    void aDocumentHasNoMoreValuesThanItsReadersExpect() {
        String many = "[" + "0,".repeat(100_000) + "0]";
        assertThat(fault(many, JsonReader::value)).isEqualTo(JsonFailure.Misfit.TOO_MUCH);
        assertThat((List<?>) Json.parse(many)).hasSize(100_001);
    }

    @Test
    void aStringIsReadUpToALimit() {
        String longest = "s".repeat(JsonReader.MOST_TEXT);
        assertThat(reader('"' + longest + '"').string()).isEqualTo(longest);
        assertThatThrownBy(() -> reader('"' + longest + "s\"").string())
                .hasMessage("at byte 0: a string of at most 1048576 bytes expected, a string of 1048577 bytes given");
    }

    private static boolean skipped(JsonReader reader) {
        reader.skip();
        return true;
    }

    static JsonFailure.Fault fault(String text, Function<JsonReader, ?> reading) {
        try {
            throw new AssertionError("read as " + reading.apply(reader(text)));
        } catch (JsonFailure e) {
            return e.fault();
        }
    }
}
