package dev.slipway.steps.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.ByteBudget;
import dev.slipway.core.Failure;
import dev.slipway.core.StepSpec;
import dev.slipway.core.TensorLease;
import dev.slipway.core.spi.Step;
import dev.slipway.testing.CountingPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The codes of a lossless WebP are paid for like its pixels, before they are read. */
class WebpCodesTest {

    private static final long BYTES_PER_GROUP = 5 * (72 + 1024);

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private static Step decode(ByteBudget together) {
        return new ImageSteps(together).create(new StepSpec("decode", Map.of()));
    }

    /** A lossless WebP of 8 by 8 pixels that begins as told, bit by bit. */
    private static final class Lossless {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int open;
        private int bits;

        Lossless bits(int value, int count) {
            for (int i = 0; i < count; i++) {
                open |= ((value >> i) & 1) << bits++;
                if (bits == 8) {
                    bytes.write(open);
                    open = 0;
                    bits = 0;
                }
            }
            return this;
        }

        /** A code of one symbol. */
        Lossless code(int symbol) {
            return bits(1, 1).bits(0, 1).bits(1, 1).bits(symbol, 8);
        }

        static Lossless header() {
            return new Lossless().bits(0x2F, 8).bits(7, 14).bits(7, 14).bits(0, 4);
        }

        /** One whose image of groups has only the last of so many. */
        static byte[] ofGroups(int count) {
            Lossless file = header().bits(0, 2).bits(1, 1).bits(0, 3).bits(0, 1);
            file.code((count - 1) & 0xFF).code((count - 1) >> 8).code(0).code(0).code(0);
            for (int i = 0; i < 5 * count; i++) {
                file.code(0);
            }
            return file.file();
        }

        byte[] file() {
            bits(0, 128 - bits);
            ByteBuffer file = ByteBuffer.allocate(20 + bytes.size()).order(ByteOrder.LITTLE_ENDIAN);
            file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + bytes.size());
            file.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(bytes.size());
            return file.put(bytes.toByteArray()).array();
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "300", "65536"})
    void everyGroupOfCodesCounts(int groups) throws IOException {
        assertThat(WebpCodes.bytes(Lossless.ofGroups(groups))).isEqualTo(groups * BYTES_PER_GROUP);
    }

    @ParameterizedTest
    @CsvSource({"lossless.webp, 10216", "lossless-alpha.webp, 10728", "lossy.webp, 0"})
    void filesAsTheyAreMadeHaveFew(String name, long bytes) throws IOException {
        assertThat(WebpCodes.bytes(Resources.bytes("decode/" + name))).isEqualTo(bytes);
    }

    @Test
    void anImageTakesWhatItsCodesTakeBesideItsPixels() {
        ByteBudget together = DecodeLimits.ofHeap(1 << 20);
        try (TensorLease encoded = pool.adopt(Resources.file(Lossless.ofGroups(3)), () -> {});
                TensorLease _ = decode(together).apply(encoded, pool)) {
            assertThat(together.held()).isEqualTo(64 * DecodeLimits.BYTES_PER_PIXEL + 3 * BYTES_PER_GROUP);
        }
        assertThat(together.held()).isZero();
    }

    @Test
    void codesThatHalfOfTheHeapDoesNotHoldAreRefused() {
        DecodeTest.assertFails(
                Failure.TooLarge.class,
                "the codes of the image may take 359137280 bytes of the heap beside its pixels",
                () -> Resources.apply(
                        decode(DecodeLimits.ofHeap(512 << 20)), Resources.file(Lossless.ofGroups(65_536)), pool));
    }

    @Test
    void codesThatDoNotFitBesideOtherImagesAreRefusedUntilThoseAreDecoded() {
        ByteBudget together = DecodeLimits.ofHeap(1 << 20);
        assertThat(together.tryTake(together.limit() - 10_000)).isTrue();

        DecodeTest.assertFails(
                Failure.Overloaded.class,
                "one whose codes may take 16440 bytes would be too much",
                () -> Resources.apply(decode(together), Resources.file(Lossless.ofGroups(3)), pool));

        assertThat(together.held()).isEqualTo(together.limit() - 10_000);
    }

    @Test
    void aTransformThatComesTwiceIsRefused() {
        byte[] twice = Lossless.header().bits(0b10_1_10_1, 6).file();
        DecodeTest.assertFails(
                Failure.BadInput.class,
                "a transform comes twice",
                () -> Resources.apply(decode(DecodeLimits.ofHeap(1 << 20)), Resources.file(twice), pool));
    }
}
