package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.VersionRecord.FileRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionDigestTest {

    private static final FileRecord MODEL = new FileRecord("m.onnx", "sha256:" + "a".repeat(64), 7);
    private static final FileRecord LABELS = new FileRecord("labels.txt", "sha256:" + "b".repeat(64), 3);

    /** Stored versions are known by it: it must never change. */
    @Test
    void itGoesByManifestAndFilesInWhateverOrderTheyCome() {
        String digest = "sha256:3831e43b32818e97c93af7cf9ddd0bc36d6d8cc119f8eb407ddd8974709bae89";

        assertThat(VersionDigest.of("{}", List.of(MODEL, LABELS))).isEqualTo(digest);
        assertThat(VersionDigest.of("{}", List.of(LABELS, MODEL))).isEqualTo(digest);
        assertThat(VersionDigest.of("{ }", List.of(MODEL, LABELS))).isNotEqualTo(digest);
        assertThat(VersionDigest.of("{}", List.of(MODEL))).isNotEqualTo(digest);
        assertThat(VersionDigest.of("{}", List.of(new FileRecord("n.onnx", MODEL.blob(), 7), LABELS)))
                .isNotEqualTo(digest);
    }
}
