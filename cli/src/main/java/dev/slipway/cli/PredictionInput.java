package dev.slipway.cli;

import dev.slipway.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The body of a prediction request, made from what stands on the command line. */
final class PredictionInput {

    private static final String JSON = "application/json";
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern NUMBERS = Pattern.compile(NUMBER + "(," + NUMBER + ")*");
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
     *
     * @param tensors the inputs of the model where it has no task; asked for only where they decide what is sent
     */
    static PredictionInput of(List<String> values, Environment environment, Supplier<Optional<TensorArguments>> tensors)
            throws IOException {
        if (values.isEmpty() || values.equals(List.of("-"))) {
            return sniffed(environment.in().readAllBytes(), "", tensors);
        }
        List<Path> files = files(values, environment);
        if (files.size() == values.size()) {
            return files.size() == 1 ? file(files.getFirst(), tensors) : images(files, tensors);
        }
        String first = values.getFirst();
        if (values.size() == 1 && (first.startsWith("{") || first.startsWith("["))) {
            return sniffed(first.getBytes(StandardCharsets.UTF_8), "", tensors);
        }
        if (values.size() == 1 && NUMBERS.matcher(first).matches()) {
            return json(Json.write(row(List.of(first.split(",")), tensors.get())));
        }
        boolean pairs = values.stream().allMatch(value -> PAIR.matcher(value).matches());
        if (values.size() == 1
                && !pairs
                && !tensors.get().map(TensorArguments::takesText).orElse(false)) {
            throw new CommandFailure(
                    "there is no file '" + first + "', and it is no number",
                    "Give numbers, name=value pairs, a file, or - for standard input.");
        }
        return json(Json.write(pairs ? object(pairs(values), tensors.get()) : row(values, tensors.get())));
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

    private static PredictionInput json(String text) {
        return new PredictionInput(text.getBytes(StandardCharsets.UTF_8), JSON);
    }

    private static PredictionInput file(Path file, Supplier<Optional<TensorArguments>> tensors) throws IOException {
        return sniffed(Files.readAllBytes(file), file.getFileName().toString(), tensors);
    }

    private static PredictionInput images(List<Path> files, Supplier<Optional<TensorArguments>> tensors)
            throws IOException {
        List<String> images = new ArrayList<>();
        for (Path file : files) {
            PredictionInput one = file(file, tensors);
            if (!one.contentType().startsWith("image/")) {
                throw new CommandFailure(
                        "several files are sent only when all are images, and " + file + " is none",
                        "Send one file at a time.");
            }
            images.add(Base64.getEncoder().encodeToString(one.bytes()));
        }
        return json(Json.write(Map.of("images", images)));
    }

    private static Map<String, String> pairs(List<String> values) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : values) {
            int equals = pair.indexOf('=');
            if (pairs.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw new CommandFailure("'" + pair.substring(0, equals) + "' is given twice");
            }
        }
        return pairs;
    }

    private static Object object(Map<String, String> pairs, Optional<TensorArguments> tensors) {
        if (tensors.isPresent()) {
            return tensors.get().pairs(pairs);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        pairs.forEach((name, value) -> object.put(name, value(value)));
        return object;
    }

    private static Object row(List<String> values, Optional<TensorArguments> tensors) {
        return tensors.isPresent()
                ? tensors.get().values(values)
                : values.stream().map(PredictionInput::value).toList();
    }

    /** A number where the text is one. */
    static Object value(String text) {
        return NUMBER.matcher(text).matches() ? new BigDecimal(text) : text;
    }

    /** Content by its first bytes, or failing that by the file's name. */
    private static PredictionInput sniffed(byte[] bytes, String filename, Supplier<Optional<TensorArguments>> tensors) {
        String image = imageType(bytes);
        if (image != null) {
            return new PredictionInput(bytes, image);
        }
        String start = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.UTF_8).stripLeading();
        boolean csv = filename.toLowerCase(Locale.ROOT).endsWith(".csv");
        boolean json =
                filename.toLowerCase(Locale.ROOT).endsWith(".json") || start.startsWith("{") || start.startsWith("[");
        if (json && !csv && start.startsWith("[")) {
            Optional<TensorArguments> inputs = tensors.get();
            if (inputs.isPresent()) {
                return json(inputs.get().list(new String(bytes, StandardCharsets.UTF_8)));
            }
        }
        return new PredictionInput(bytes, json && !csv ? JSON : "text/csv");
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
