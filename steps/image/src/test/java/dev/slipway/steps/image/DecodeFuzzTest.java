package dev.slipway.steps.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.FailureException;
import dev.slipway.core.spi.Step;
import dev.slipway.testing.CountingPool;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Any bytes either become an image or are refused. */
class DecodeFuzzTest {

    @RegisterExtension
    final CountingPool pool = new CountingPool();

    private final Step decode = Resources.step("decode", Map.of("max_pixels", 200_000));

    @FuzzTest
    void anyBytes(byte[] file) {
        try {
            Resources.apply(decode, Resources.file(file), pool);
        } catch (FailureException e) {
            e.failure();
        }
    }
}
