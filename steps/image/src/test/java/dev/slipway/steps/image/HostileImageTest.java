package dev.slipway.steps.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.spi.Step;
import dev.slipway.testing.CountingPool;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that claim to be huge, and files that are damaged in every way: a clear refusal, in bounded memory. */
class HostileImageTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private final Step decode = Resources.step("decode", Map.of());
    private final Step limited = Resources.step("decode", Map.of("max_pixels", 200_000));

    private static byte[] claiming(String name, int at, String bytes) {
        byte[] file = Resources.bytes("decode/" + name).clone();
        String[] values = bytes.split(" ", -1);
        for (int i = 0; i < values.length; i++) {
            file[at + i] = (byte) Integer.parseInt(values[i], 16);
        }
        return file;
    }

    private static int frameHeader(byte[] jpeg) {
        int at = 0;
        while ((jpeg[at] & 0xFF) != 0xFF || (jpeg[at + 1] & 0xFF) != 0xC0) {
            at++;
        }
        return at;
    }

    private void assertTooLarge(String part, byte[] file) {
        DecodeTest.assertFails(Failure.TooLarge.class, part, () -> Resources.apply(decode, Resources.file(file), pool));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb.bmp", "palette.gif", "lossy.webp"})
    void anImageThatDoesNotFitBesideTheOthersIsRefusedUntilTheyAreDecoded(String name) {
        ByteBudget together = DecodeLimits.ofHeap(22_000_000);
        Step one = new ImageSteps(together).create(new StepSpec("decode", Map.of()));
        Tensor file = Resources.file(Resources.bytes("decode/" + name));
        assertThat(together.tryTake(together.limit())).isTrue();

        DecodeTest.assertFails(
                Failure.Overloaded.class,
                "images of 1000000 pixels are being decoded",
                () -> Resources.apply(one, file, pool));

        together.giveBack(together.limit());
        try (TensorLease encoded = pool.adopt(file, () -> {});
                TensorLease image = one.apply(encoded, pool)) {
            assertThat(together.held()).isEqualTo(11 * image.tensor().shape().elements() / 3);
        }
        assertThat(together.held()).isZero();
    }

    @Test
    void anImageThatHalfOfTheHeapDoesNotHoldIsRefused() {
        Tensor file = Resources.file(Resources.bytes("decode/rgb.png"));
        Step small = new ImageSteps(DecodeLimits.ofHeap(2 * 34 * 21 * 11 - 2)).create(new StepSpec("decode", Map.of()));
        DecodeTest.assertFails(
                Failure.TooLarge.class,
                "which may take 7854 bytes of the heap, images have half of it, 7853 bytes",
                () -> Resources.apply(small, file, pool));
    }

    @Test
    void theImagesOfARequestThatHaveTooManyPixelsTogetherAreRefused() {
        Tensor file = Resources.file(Resources.bytes("decode/rgb.png"));
        Pixels pixels = ImageFile.of(Resources.bytes("decode/rgb.png"))
                .decode(new DecodeLimits(
                        Images.MOST_PIXELS, new ByteBudget(Long.MAX_VALUE), new ByteBudget(Long.MAX_VALUE)));
        long size = (long) pixels.width * pixels.height;
        Step twice = new Decode(Images.MOST_PIXELS, new ByteBudget(Long.MAX_VALUE), new ByteBudget(2 * size));

        Resources.apply(twice, file, pool);
        Resources.apply(twice, file, pool);

        DecodeTest.assertFails(
                Failure.TooLarge.class,
                "the images of the request have " + 3 * size + " pixels up to this one, at most " + 2 * size,
                () -> Resources.apply(twice, file, pool));
        assertThat(((Decode) twice.forRequest()).request().limit()).isEqualTo(256_000_000);
    }

    /** Where each header has its width and height, and values for them that no image may have. */
    @ParameterizedTest
    @CsvSource({
        "rgb.png, 16, 00 01 86 A0 00 00 00 01, 100000 by 1 pixels",
        "rgb.png, 16, 00 00 7F FF 00 00 7F FF, 32767 by 32767 pixels",
        "palette.png, 16, 7F FF FF FF 7F FF FF FF, 2147483647 by 2147483647 pixels",
        "rgb.bmp, 18, A0 86 01 00 01 00 00 00, 100000 by 1 pixels",
        "palette.gif, 6, FF FF FF FF, 65535 by 65535 pixels",
        "lossy.webp, 26, FF 3F FF 3F, 16383 by 16383 pixels"
    })
    void aHugeImageIsRefusedFromItsHeader(String name, int at, String bytes, String part) {
        Resources.apply(decode, Resources.file(Resources.bytes("decode/" + name)), pool);
        byte[] file = claiming(name, at, bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertTooLarge(part, file);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8_000_000);
    }

    @Test
    void aHugeJpegIsRefusedFromItsHeader() {
        int at = frameHeader(Resources.bytes("decode/sampled-420.jpg"));
        assertTooLarge("65535 by 65535 pixels", claiming("sampled-420.jpg", at + 5, "FF FF FF FF"));
    }

    @Test
    void aSmallerLimitCanBeSet() {
        Step step = Resources.step("decode", Map.of("max_pixels", 34 * 21 - 1));
        Tensor file = Resources.file(Resources.bytes("decode/rgb.png"));
        DecodeTest.assertFails(Failure.TooLarge.class, "at most 713 pixels", () -> Resources.apply(step, file, pool));
    }

    @Test
    void anImageThatWouldBecomeHugeIsRefused() {
        Tensor line = Resources.image(new byte[30_000 * 3], 1, 30_000, 3);
        Step shorter = Resources.step("resize", Map.of("shorter_side", 100, "like", "pillow-bilinear"));
        DecodeTest.assertFails(
                Failure.TooLarge.class,
                "the resized image is 3000000 by 100",
                () -> Resources.apply(shorter, line, pool));
        Step between = Resources.step("resize", Map.of("height", 1, "width", 30_000, "like", "pillow-bilinear"));
        Tensor column = Resources.image(new byte[30_000 * 3], 30_000, 1, 3);
        DecodeTest.assertFails(
                Failure.TooLarge.class, "while it is resized", () -> Resources.apply(between, column, pool));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "rgb-16bit.png",
                "palette-2bit.png",
                "orientation-6.png",
                "rgb.bmp",
                "palette.bmp",
                "palette.gif",
                "animated.gif",
                "lossless.webp",
                "lossy.webp",
                "orientation-6.webp",
                "sampled-420.jpg",
                "progressive.jpg",
                "cmyk.jpg",
                "orientation-6.jpg"
            })
    void damagedFilesNeverBecomeADefect(String name) {
        damaged(name, 150);
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(
            strings = {
                "rgb.png",
                "palette.bmp",
                "animated.gif",
                "lossless.webp",
                "lossy.webp",
                "progressive.jpg",
                "cmyk.jpg"
            })
    void manyDamagedFilesNeverBecomeADefect(String name) {
        damaged(name, 100_000);
    }

    private void damaged(String name, int rounds) {
        byte[] whole = Resources.bytes("decode/" + name);
        Random random = new Random(name.hashCode());
        for (int round = 0; round < rounds; round++) {
            byte[] file = random.nextInt(8) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = random.nextInt(6); i >= 0 && file.length > 0; i--) {
                int within = random.nextBoolean() ? Math.min(file.length, 64) : file.length;
                file[random.nextInt(within)] = (byte) random.nextInt(256);
            }
            decodeOrRefuse(file, name + " round " + round);
        }
    }

    private void decodeOrRefuse(byte[] file, String what) {
        Tensor input = Resources.file(file);
        try (TensorLease lease = pool.adopt(input, () -> {});
                TensorLease output = limited.apply(lease, pool)) {
            assertThat(output.tensor().shape().dim(2)).isEqualTo(3);
        } catch (FailureException e) {
            assertThat(e.failure())
                    .as(what)
                    .isInstanceOfAny(Failure.BadInput.class, Failure.TooLarge.class, Failure.Unsupported.class);
        }
        assertThat(pool.leases()).isZero();
    }
}
