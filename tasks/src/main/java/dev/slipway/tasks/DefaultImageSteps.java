package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StepSpec;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The steps from an image file to a tensor that the tensor's shape and type suggest. */
final class DefaultImageSteps {

    private DefaultImageSteps() {}

    static List<StepSpec> of(TensorSpec spec) {
        List<Dimension> dims = spec.shape().dims();
        int first = dims.size() - 3;
        boolean channelsFirst = first >= 0 && isChannels(dims.get(first));
        boolean channelsLast = first >= 0 && isChannels(dims.getLast());
        if (dims.size() > 4 || (!channelsFirst && !channelsLast) || spec.dataType() == DataType.BYTES) {
            throw new FailureException(Failure.BadInput.of("input '" + spec.name() + "' is " + spec.dataType()
                    + spec.shape() + ", which does not look like an image of 1 or 3 channels: say in inputs: which"
                    + " steps lead to it"));
        }
        int height = channelsFirst ? first + 1 : first;
        List<StepSpec> steps = new ArrayList<>();
        steps.add(step("decode", Map.of()));
        if (dims.get(channelsFirst ? first : dims.size() - 1).equals(Dimension.of(1))) {
            steps.add(step("grayscale", Map.of()));
        }
        if (dims.get(height) instanceof Dimension.Fixed h && dims.get(height + 1) instanceof Dimension.Fixed w) {
            steps.add(step("resize", Map.of("height", h.size(), "width", w.size(), "like", "pillow-bilinear")));
        }
        if (spec.dataType().floating()) {
            steps.add(step("scale", Map.of("value", 1 / 255.0)));
        }
        steps.add(step("layout", Map.of("value", channelsFirst ? "nchw" : "nhwc")));
        steps.add(step("cast", Map.of("value", spec.dataType().name())));
        return steps;
    }

    private static boolean isChannels(Dimension dim) {
        return dim.equals(Dimension.of(1)) || dim.equals(Dimension.of(3));
    }

    private static StepSpec step(String name, Map<String, Object> arguments) {
        return new StepSpec(name, arguments);
    }
}
