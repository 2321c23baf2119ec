package dev.slipway.cli;

import dev.slipway.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The body of a prediction request, made from what stands on the command line. */
final class PredictionInput {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern PAIR = Pattern.compile("([A-Za-z_][^=\\s]*)=(.*)");

    private final byte[] bytes;
    private final String contentType;

    private PredictionInput(byte[] bytes, String contentType) {
        this.bytes = bytes;
        this.contentType = contentType;
    }

    /**
     * Reads the arguments: nothing or {@code -} is standard input, a file its content, several images a list of them,
     * {@code name=value} pairs an object, anything else one row of values.
     */
    static PredictionInput of(List<String> values, Environment environment) throws IOException {
        if (values.isEmpty() || values.equals(List.of("-"))) {
            return sniffed(environment.in().readAllBytes(), "");
        }
        List<Path> files = files(values, environment);
        if (files.size() == values.size()) {
            return files.size() == 1 ? file(files.getFirst()) : images(files);
        }
        String first = values.getFirst();
        if (values.size() == 1
                && !NUMBER.matcher(first).matches()
                && !PAIR.matcher(first).matches()) {
            if (first.startsWith("{") || first.startsWith("[")) {
                return new PredictionInput(first.getBytes(StandardCharsets.UTF_8), "application/json");
            }
            throw new CommandFailure(
                    "there is no file '" + first + "', and it is no number",
                    "Give numbers, name=value pairs, a file, or - for standard input.");
        }
        Object body = values.stream().allMatch(value -> PAIR.matcher(value).matches()) ? object(values) : row(values);
        return new PredictionInput(Json.write(body).getBytes(StandardCharsets.UTF_8), "application/json");
    }

    byte[] bytes() {
        return bytes;
    }

    String contentType() {
        return contentType;
    }

    private static List<Path> files(List<String> values, Environment environment) {
        List<Path> files = new ArrayList<>();
        for (String value : values) {
            if (!NUMBER.matcher(value).matches() && !value.startsWith("{") && !value.startsWith("[")) {
                Path path = environment.resolve(value);
                if (Files.isRegularFile(path)) {
                    files.add(path);
                }
            }
        }
        return files;
    }

    private static PredictionInput file(Path file) throws IOException {
        return sniffed(Files.readAllBytes(file), file.getFileName().toString());
    }

    private static PredictionInput images(List<Path> files) throws IOException {
        List<String> images = new ArrayList<>();
        for (Path file : files) {
            PredictionInput one = file(file);
            if (!one.contentType().startsWith("image/")) {
                throw new CommandFailure(
                        "several files are sent only when all are images, and " + file + " is none",
                        "Send one file at a time.");
            }
            images.add(Base64.getEncoder().encodeToString(one.bytes()));
        }
        String json = Json.write(Map.of("images", images));
        return new PredictionInput(json.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private static Map<String, Object> object(List<String> pairs) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (object.put(pair.substring(0, equals), value(pair.substring(equals + 1))) != null) {
                throw new CommandFailure("'" + pair.substring(0, equals) + "' is given twice");
            }
        }
        return object;
    }

    private static List<Object> row(List<String> values) {
        return values.stream().map(PredictionInput::value).toList();
    }

    private static Object value(String text) {
        return NUMBER.matcher(text).matches() ? new java.math.BigDecimal(text) : text;
    }

    /** Content by its first bytes, or failing that by the file's name. */
    private static PredictionInput sniffed(byte[] bytes, String filename) {
        String image = imageType(bytes);
        if (image != null) {
            return new PredictionInput(bytes, image);
        }
        String start = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.UTF_8).stripLeading();
        boolean csv = filename.toLowerCase(Locale.ROOT).endsWith(".csv");
        boolean json =
                filename.toLowerCase(Locale.ROOT).endsWith(".json") || start.startsWith("{") || start.startsWith("[");
        return new PredictionInput(bytes, json && !csv ? "application/json" : "text/csv");
    }

    private static @Nullable String imageType(byte[] bytes) {
        String start = new String(bytes, 0, Math.min(bytes.length, 12), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u0089PNG")) {
            return "image/png";
        }
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        }
        if (start.startsWith("GIF8")) {
            return "image/gif";
        }
        if (start.startsWith("BM")) {
            return "image/bmp";
        }
        return start.startsWith("RIFF") && start.endsWith("WEBP") ? "image/webp" : null;
    }
}
