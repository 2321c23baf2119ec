package dev.slipway.steps.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.spi.Step;
import dev.slipway.testing.CountingPool;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoding against what Pillow makes of the same files (src/test/references). */
class DecodeTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private final Step decode = Resources.step("decode", Map.of());

    private Tensor decoded(byte[] file) {
        return Resources.apply(decode, Resources.file(file), pool);
    }

    /** The last column: the greatest difference from Pillow that is allowed, of 255. */
    @ParameterizedTest
    @CsvSource({
        "rgb.png, 0",
        "rgba.png, 0",
        "gray.png, 0",
        "gray-alpha.png, 0",
        "palette.png, 0",
        "palette-transparent.png, 0",
        "palette-2bit.png, 0",
        "one-bit.png, 0",
        "rgb-16bit.png, 0",
        "rgb.bmp, 0",
        "palette.bmp, 0",
        "gray.bmp, 0",
        "palette.gif, 0",
        "animated.gif, 0",
        "lossless.webp, 0",
        "lossless-alpha.webp, 0",
        "lossy.webp, 8",
        "sampled-420.jpg, 1",
        "sampled-444.jpg, 1",
        "progressive.jpg, 1",
        "gray.jpg, 0",
        "cmyk.jpg, 1",
        "orientation-1.jpg, 1",
        "orientation-2.jpg, 1",
        "orientation-3.jpg, 1",
        "orientation-4.jpg, 1",
        "orientation-5.jpg, 1",
        "orientation-6.jpg, 1",
        "orientation-7.jpg, 1",
        "orientation-8.jpg, 1",
        "orientation-6.png, 0",
        "orientation-6.webp, 0"
    })
    void equalsPillow(String name, int allowed) {
        byte[] recorded = Resources.bytes("decode/" + name + ".rgb");
        int newline = 0;
        while (recorded[newline] != '\n') {
            newline++;
        }
        String[] size = new String(recorded, 0, newline, StandardCharsets.US_ASCII).split(" ", 2);
        byte[] expected = Arrays.copyOfRange(recorded, newline + 1, recorded.length);

        Tensor actual = decoded(Resources.bytes("decode/" + name));

        assertThat(actual.dataType()).isEqualTo(DataType.UINT8);
        assertThat(actual.shape()).isEqualTo(Shape.of(Long.parseLong(size[0]), Long.parseLong(size[1]), 3));
        byte[] content = Resources.content(actual);
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((expected[i] & 0xFF) - (content[i] & 0xFF)));
        }
        assertThat(worst).isLessThanOrEqualTo(allowed);
    }

    @Test
    void lumaIsPillows() {
        List<Step> steps = List.of(decode, Resources.step("grayscale", Map.of()));
        Tensor luma = Resources.apply(steps, Resources.file(Resources.bytes("decode/rgb.png")), pool);
        assertThat(luma.shape()).isEqualTo(Shape.of(21, 34, 1));
        assertThat(Resources.content(luma)).isEqualTo(Resources.bytes("decode/rgb.png.luma"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "B", "BM", "GIF89a", "%PDF-1.7 and more of it", "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    void whatIsNoImageIsRefusedNamingTheFormats(String content) {
        assertFails(
                Failure.BadInput.class,
                content.equals("GIF89a") ? "GIF" : "JPEG, PNG, BMP, GIF or WebP",
                () -> decoded(content.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "palette.png",
                "rgb.bmp",
                "palette.gif",
                "lossless.webp",
                "lossy.webp",
                "sampled-420.jpg",
                "progressive.jpg",
                "cmyk.jpg"
            })
    void aFileThatEndsEarlyIsRefused(String name) {
        byte[] whole = Resources.bytes("decode/" + name);
        for (int part = 1; part <= 3; part++) {
            byte[] cut = Arrays.copyOf(whole, whole.length * part / 4);
            assertFails(Failure.BadInput.class, "", () -> decoded(cut));
        }
    }

    static void assertFails(
            Class<? extends Failure> kind, String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(kind))
                .hasMessageContaining(part);
    }
}
