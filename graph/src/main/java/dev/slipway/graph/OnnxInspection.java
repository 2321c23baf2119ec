package dev.slipway.graph;

import dev.slipway.core.Signature;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an ONNX file says of itself, read without running it.
 *
 * @param opsets version by domain; the empty domain is ONNX's own
 * @param externalFiles the files that hold weights, relative to the model, each checked to lie beside or below it
 * @param rowMixing operators present that may let rows of a batch influence each other, each with why
 * @param classLabels class names from a ZipMap or a classifier's label attributes; may be empty
 * @param classOutputs what a classifier's outputs are, when one is recognised; null otherwise
 * @param parameters the number of weights
 */
public record OnnxInspection(
        long irVersion,
        String producer,
        Map<String, Long> opsets,
        Signature signature,
        List<String> externalFiles,
        List<String> rowMixing,
        List<String> classLabels,
        @Nullable ClassOutputs classOutputs,
        long parameters) {

    /** The output that names the class and the output that gives the scores of all classes. */
    public record ClassOutputs(
            @Nullable String label, @Nullable String scores) {}
}
