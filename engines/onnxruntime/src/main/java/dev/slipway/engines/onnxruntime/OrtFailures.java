package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataSize;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ONNX Runtime's statuses mean to those who opened or ran a model. */
final class OrtFailures {

    private static final Pattern SOURCE = Pattern.compile(
            "/\\S+\\.(?:cc|cpp|h|hpp):\\d+ (?:[\\w:<>,~&*\\[\\]= ]+\\([^)]*\\)(?: const)?(?: \\[[^]]*])? )?");
    private static final Pattern NOT_IMPLEMENTED =
            Pattern.compile("(?:Could not find an implementation|Failed to find kernel) for (\\S+?) (?:node|\\(node)");
    private static final Pattern NOT_REGISTERED = Pattern.compile("(\\S+) is not a registered function/op");
    private static final Pattern NO_OPERATOR = Pattern.compile("No Op registered for (\\S+)");
    private static final Pattern BEYOND =
            Pattern.compile("(?i)Unsupported model IR version|under development|only \\*guarantees\\* support"
                    + "|Exception during initialization");

    private OrtFailures() {}

    static FailureException opening(OrtException e, Path model, DataSize memoryLimit) {
        String file = "model file '" + model.getFileName() + "'";
        String text = plain(e.text(), model);
        for (Pattern operator : new Pattern[] {NOT_IMPLEMENTED, NOT_REGISTERED, NO_OPERATOR}) {
            Matcher matcher = operator.matcher(text);
            if (matcher.find()) {
                return new FailureException(
                        new Failure.Unsupported(file + ": ONNX Runtime does not implement the operator "
                                + matcher.group(1) + " in this form: " + text),
                        e);
            }
        }
        if (e.code() == OrtException.NOT_IMPLEMENTED || BEYOND.matcher(text).find()) {
            return new FailureException(new Failure.Unsupported(file + ": " + text), e);
        }
        if (overLimit(e)) {
            return new FailureException(
                    new Failure.TooLarge(
                            file + " needs more memory than its memory_limit of " + memoryLimit + " to load: " + text),
                    e);
        }
        boolean malformed = e.code() == OrtException.INVALID_PROTOBUF;
        String detail = malformed ? file + " is not an ONNX model or is cut short" : file + " is broken: " + text;
        return new FailureException(malformed ? Failure.BadInput.malformed(detail) : Failure.BadInput.of(detail), e);
    }

    static FailureException running(OrtException e, Path model, DataSize memoryLimit) {
        String text = plain(e.text(), model);
        if (overLimit(e)) {
            return new FailureException(
                    new Failure.ModelFailed(
                            "the run needs more than the model's memory_limit of " + memoryLimit + ": " + text, true),
                    e);
        }
        if (e.says("Got invalid dimensions for input") || e.says("Unexpected input data type")) {
            return new FailureException(Failure.BadInput.of(text), e);
        }
        return new FailureException(new Failure.ModelFailed("the model failed: " + text), e);
    }

    /** Whether an arena could not grow. */
    static boolean overLimit(OrtException e) {
        return e.says("is smaller than requested bytes") || e.says("Failed to allocate memory for requested buffer");
    }

    static String plain(String text, Path model) {
        String trimmed = SOURCE.matcher(text).replaceAll("");
        Path folder = model.toAbsolutePath().getParent();
        return folder == null
                ? trimmed.strip()
                : trimmed.replace(folder + "/", "").strip();
    }
}
