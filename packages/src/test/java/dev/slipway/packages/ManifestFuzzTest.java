package dev.slipway.packages;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.core.FailureException;
import java.nio.charset.StandardCharsets;

class ManifestFuzzTest {

    @FuzzTest
    void onlyFailuresComeOutOfManifests(byte[] content) {
        try {
            Manifests.read(new String(content, StandardCharsets.UTF_8));
        } catch (FailureException e) {
            e.failure();
        }
    }
}
