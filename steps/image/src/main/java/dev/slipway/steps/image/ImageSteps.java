package dev.slipway.steps.image;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StepSpec;
import dev.slipway.core.spi.Step;
import dev.slipway.core.spi.StepProvider;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The image steps. A pixel is 0 to 255 until a step scales it; an image is {@code [height,width,channels]}. */
public final class ImageSteps implements StepProvider {

    private final Map<String, Function<Arguments, Step>> steps;

    /** Decodes as many images at once as half of the heap holds. */
    public ImageSteps() {
        this(DecodeLimits.ofHeap(Runtime.getRuntime().maxMemory()));
    }

    /** @param decoding the bytes of the heap that images may take at the same time */
    ImageSteps(ByteBudget decoding) {
        steps = Map.of(
                "decode", arguments -> Decode.of(arguments, decoding),
                "grayscale", Grayscale::of,
                "resize", Resize::of,
                "center_crop", CenterCrop::of,
                "pad", Pad::of,
                "normalize", Normalize::of,
                "layout", Layout::of);
    }

    @Override
    public Set<String> names() {
        return steps.keySet();
    }

    @Override
    public Step create(StepSpec spec) {
        Function<Arguments, Step> step = steps.get(spec.name());
        if (step == null) {
            throw new FailureException(Failure.BadInput.of("step '" + spec.name() + "' is not one of "
                    + steps.keySet().stream().sorted().toList()));
        }
        return step.apply(new Arguments(spec));
    }
}
