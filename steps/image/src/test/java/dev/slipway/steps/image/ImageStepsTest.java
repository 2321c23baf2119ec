package dev.slipway.steps.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Shape;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Tensor;
import dev.slipway.core.spi.Step;
import dev.slipway.core.spi.Step.Flow;
import dev.slipway.core.spi.StepProvider;
import dev.slipway.testing.StepKit;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageStepsTest extends StepKit {

    private final Tensor rgb = Resources.image(Resources.bytes("resize/input-36x52.rgb"), 36, 52, 3);

    @Override
    protected StepProvider provider() {
        return new ImageSteps();
    }

    @Override
    protected List<Example> examples() {
        Tensor file = Resources.file(Resources.bytes("decode/rgb.png"));
        return List.of(
                example("decode", Map.of(), file),
                example("decode", Map.of("max_pixels", 1000), file),
                example("grayscale", Map.of(), rgb),
                example("grayscale", Map.of(), Resources.image(new byte[6], 2, 3, 1)),
                example("resize", Map.of("height", 8, "width", 9, "like", "pillow-bilinear"), rgb),
                example("resize", Map.of("shorter_side", 8, "like", "tensorflow-bilinear"), rgb),
                example("center_crop", Map.of("height", 8, "width", 9), rgb),
                example("center_crop", Map.of("value", 40), rgb),
                example("pad", Map.of("value", 3), rgb),
                example("pad", Map.of("height", 60, "width", 60, "fill", 128), rgb),
                example("normalize", Map.of("mean", List.of(1, 2, 3), "std", List.of(4, 5, 6)), rgb),
                example("layout", Map.of("value", "nchw"), rgb),
                example("layout", Map.of("value", "nhwc"), rgb));
    }

    private static Example example(String name, Map<String, Object> arguments, Tensor input) {
        return new Example(new StepSpec(name, arguments), input);
    }

    private static Tensor floats(Shape shape, float... values) {
        return Tensor.of(DataType.FP32, shape, MemorySegment.ofArray(values));
    }

    private Tensor apply(String name, Map<String, Object> arguments, Tensor input) {
        return Resources.apply(Resources.step(name, arguments), input, pool);
    }

    @Test
    void theDigitsPipelineMakesOnePlaneOfAnImage() {
        List<Step> steps = List.of(
                Resources.step("decode", Map.of()),
                Resources.step("grayscale", Map.of()),
                Resources.step("resize", Map.of("height", 8, "width", 8, "like", "pillow-bilinear")),
                Resources.step("layout", Map.of("value", "nchw")));
        Flow flow = new Flow(DataType.BYTES, DeclaredShape.of(1));
        for (Step step : steps) {
            flow = step.check(flow);
        }
        assertThat(flow).isEqualTo(new Flow(DataType.UINT8, DeclaredShape.of(1, 8, 8)));

        Tensor output = Resources.apply(steps, Resources.file(Resources.bytes("decode/rgb.png")), pool);

        assertThat(output.dataType()).isEqualTo(DataType.UINT8);
        assertThat(output.shape()).isEqualTo(Shape.of(1, 8, 8));
    }

    @Test
    void normalizeGoesByChannelLastOrFirst() {
        Map<String, Object> arguments = Map.of("mean", List.of(1, 2, 3), "std", List.of(1, 2, 4));
        assertThat(Resources.floats(apply("normalize", arguments, floats(Shape.of(1, 2, 3), 1, 2, 3, 3, 6, 11))))
                .containsExactly(0f, 0f, 0f, 2f, 2f, 2f);
        assertThat(Resources.floats(apply("normalize", arguments, floats(Shape.of(3, 1, 2), 1, 3, 2, 6, 3, 11))))
                .containsExactly(0f, 2f, 0f, 2f, 0f, 2f);
        assertThat(Resources.floats(apply("normalize", Map.of("mean", 1, "std", 2), floats(Shape.of(1, 1, 2), 1, 5))))
                .containsExactly(0f, 2f);
    }

    @Test
    void layoutPutsChannelsFirst() {
        Tensor image = Resources.image(new byte[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
        Tensor planes = apply("layout", Map.of("value", "nchw"), image);
        assertThat(planes.shape()).isEqualTo(Shape.of(3, 1, 2));
        assertThat(Resources.content(planes)).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void cropsAndBordersStandInTheMiddle() {
        Tensor image = Resources.image(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3, 1);
        assertThat(Resources.content(apply("center_crop", Map.of("height", 1, "width", 3), image)))
                .containsExactly(4, 5, 6);
        assertThat(Resources.content(apply("center_crop", Map.of("height", 3, "width", 5), image)))
                .containsExactly(0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 7, 8, 9, 0);
        assertThat(Resources.content(apply("pad", Map.of("height", 3, "width", 6, "fill", 9), image)))
                .containsExactly(9, 1, 2, 3, 9, 9, 9, 4, 5, 6, 9, 9, 9, 7, 8, 9, 9, 9);
        assertThat(Resources.content(apply("pad", Map.of("left", 1, "fill", 0), image)))
                .containsExactly(0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9);
        assertBadInput("larger than 2 by 2", () -> apply("pad", Map.of("height", 2, "width", 2), image));
    }

    @Test
    void wrongArgumentsSayWhatIsExpected() {
        assertBadInput(
                "argument 'like' is missing: must be one of pillow-bilinear, pillow-bicubic",
                () -> Resources.step("resize", Map.of("height", 8, "width", 8)));
        assertBadInput(
                "did you mean 'height'?",
                () -> Resources.step("resize", Map.of("heigth", 8, "width", 8, "like", "nearest")));
        assertBadInput(
                "'width' (0 given) must be a whole number between 1 and 32768",
                () -> Resources.step("resize", Map.of("height", 8, "width", 0, "like", "nearest")));
        assertBadInput(
                "height and width, or shorter_side, not both",
                () -> Resources.step("resize", Map.of("height", 8, "shorter_side", 8, "like", "nearest")));
        assertBadInput(
                "standard deviation 0.0 must be greater than 0",
                () -> Resources.step("normalize", Map.of("mean", 0, "std", 0)));
        assertBadInput(
                "has 2 means and 1 standard",
                () -> Resources.step("normalize", Map.of("mean", List.of(1, 2), "std", 1)));
        assertBadInput(
                "its value (chwn given) must be one of nchw, nhwc",
                () -> Resources.step("layout", Map.of("value", "chwn")));
    }

    @Test
    void aStepInTheWrongPlaceIsRefusedAtDeploy() {
        Flow bytes = new Flow(DataType.BYTES, DeclaredShape.of(1));
        Flow image = new Flow(DataType.UINT8, DeclaredShape.of(-1, -1, 3));
        assertBadInput(
                "step 'resize' takes [UINT8], BYTES[1] comes in",
                () -> Resources.step("resize", Map.of("height", 8, "width", 8, "like", "nearest"))
                        .check(bytes));
        assertBadInput(
                "step 'decode' takes one file",
                () -> Resources.step("decode", Map.of()).check(image));
        assertBadInput(
                "step 'normalize' has means for 2 channels",
                () -> Resources.step("normalize", Map.of("mean", List.of(1, 2), "std", List.of(1, 1)))
                        .check(new Flow(DataType.UINT8, DeclaredShape.of(8, 8, 3))));
        assertBadInput(
                "step 'layout' takes an image",
                () -> Resources.step("layout", Map.of("value", "nchw"))
                        .check(new Flow(DataType.FP32, DeclaredShape.of(8, 8))));
    }
}
