package dev.slipway.steps.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.testing.CountingPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way of resizing against what its library made of the same image (src/test/references). */
class ResizeTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private final Tensor input = Resources.image(Resources.bytes("resize/input-36x52.rgb"), 36, 52, 3);

    /** The last column: the greatest difference that is allowed, in steps of 1/255. */
    @ParameterizedTest
    @CsvSource({
        "pillow-bilinear, 0",
        "pillow-bicubic, 0",
        "nearest, 0",
        "opencv-linear, 0",
        "opencv-area, 0",
        "torchvision-bilinear, 1"
    })
    void equalsItsLibrary(String like, int allowed) {
        for (String size : new String[] {"8x8", "18x26", "9x13", "20x31", "72x104", "50x20", "20x90", "1x1"}) {
            byte[] expected = Resources.bytes("resize/" + like + "-" + size + ".rgb");
            byte[] actual = Resources.content(resized(like, size));
            assertThat(actual).hasSameSizeAs(expected);
            int worst = 0;
            for (int i = 0; i < expected.length; i++) {
                worst = Math.max(worst, Math.abs((expected[i] & 0xFF) - (actual[i] & 0xFF)));
            }
            assertThat(worst).as("%s to %s", like, size).isLessThanOrEqualTo(allowed);
        }
    }

    @Test
    void equalsTensorflowInFloats() {
        for (String size : new String[] {"8x8", "18x26", "9x13", "20x31", "72x104", "50x20", "20x90", "1x1"}) {
            float[] expected = MemorySegment.ofArray(Resources.bytes("resize/tensorflow-bilinear-" + size + ".fp32"))
                    .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            Tensor actual = resized("tensorflow-bilinear", size);
            assertThat(actual.dataType()).isEqualTo(DataType.FP32);
            assertThat(Resources.floats(actual)).as(size).containsExactly(expected, within());
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(0.001f);
    }

    private Tensor resized(String like, String size) {
        String[] sides = size.split("x", 2);
        int height = Integer.parseInt(sides[0]);
        int width = Integer.parseInt(sides[1]);
        Tensor output = Resources.apply(
                Resources.step("resize", Map.of("height", height, "width", width, "like", like)), input, pool);
        assertThat(output.shape()).isEqualTo(Shape.of(height, width, 3));
        return output;
    }

    @ParameterizedTest
    @CsvSource({"36, 52, 18, 18, 26", "52, 36, 18, 26, 18", "30, 100, 7, 7, 23", "5, 5, 9, 9, 9"})
    void theShorterSideDecides(int height, int width, int side, int toHeight, int toWidth) {
        Tensor image = Resources.image(new byte[height * width * 3], height, width, 3);
        Tensor output = Resources.apply(
                Resources.step("resize", Map.of("shorter_side", side, "like", "pillow-bilinear")), image, pool);
        assertThat(output.shape()).isEqualTo(Shape.of(toHeight, toWidth, 3));
    }

    @Test
    void oneChannelIsResizedAsEachOfThreeIs() {
        byte[] rgb = Resources.bytes("resize/input-36x52.rgb");
        byte[] green = new byte[rgb.length / 3];
        for (int i = 0; i < green.length; i++) {
            green[i] = rgb[3 * i + 1];
        }
        for (Resize.Like like : Resize.Like.values()) {
            String name = like.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            var step = Resources.step("resize", Map.of("height", 20, "width", 31, "like", name));
            float[] three = Numbers.floats(Resources.apply(step, input, pool));
            float[] one = Numbers.floats(Resources.apply(step, Resources.image(green, 36, 52, 1), pool));
            for (int i = 0; i < one.length; i++) {
                assertThat(one[i]).isEqualTo(three[3 * i + 1]);
            }
        }
    }
}
