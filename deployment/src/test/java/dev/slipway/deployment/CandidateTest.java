package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.packages.Manifests;
import dev.slipway.registry.VersionRecord;
import dev.slipway.registry.VersionRecord.FileRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateTest {

    private static Manifest manifest(String model) {
        return Manifest.bare("onnx", model, Task.TENSORS, new Signature(List.of(), List.of()));
    }

    private static List<FileRecord> files(String... names) {
        return Arrays.stream(names)
                .map(name -> new FileRecord(
                        name, "sha256:" + (name.endsWith(".onnx") ? "a" : "b").repeat(64), name.length()))
                .toList();
    }

    private static Candidate candidate(String model, List<FileRecord> files) {
        return Candidate.of(0, manifest(model), files, Settings.DEFAULT, List.of());
    }

    @Test
    void aModelIsTheSameWhateverItsFileIsCalled() {
        Candidate a = candidate("a.onnx", files("a.onnx", "weights.bin"));
        Candidate z = candidate("z.onnx", files("weights.bin", "z.onnx"));

        assertThat(z.digest()).isEqualTo(a.digest());
        assertThat(z.folderDigest()).isNotEqualTo(a.folderDigest());
        assertThat(z.files()).extracting(FileRecord::path).containsExactly("weights.bin", "z.onnx");
        assertThat(Manifests.read(z.canonicalManifest()).model()).isEqualTo("z.onnx");
        assertThat(candidate("model.onnx", files("model.onnx", "weights.bin")).digest())
                .isEqualTo(a.digest());
    }

    @Test
    void weightsAreNotCalledOtherwiseSinceTheGraphRefersToThem() {
        assertThat(candidate("a.onnx", files("a.onnx", "w.bin")).digest())
                .isNotEqualTo(candidate("a.onnx", files("a.onnx", "v.bin")).digest());
        assertThat(candidate("a.onnx", files("a.onnx", "model.onnx")).digest())
                .as("weights may have the name")
                .isNotEqualTo(candidate("z.onnx", files("model.onnx", "z.onnx")).digest());
    }

    @Test
    void aModelInAFolderCountsWithItsPlace() {
        assertThat(candidate("net/a.onnx", files("net/a.onnx")).digest())
                .isNotEqualTo(candidate("a.onnx", files("a.onnx")).digest());
    }

    @Test
    void aVersionThatWasRecordedUnderItsFilesNameIsKnown() {
        List<FileRecord> files = files("a.onnx");
        String before = VersionDigest.of(Manifests.write(manifest("a.onnx")), files);
        VersionRecord recorded = new VersionRecord(1, before, "{}", files, 6, Instant.EPOCH, 1, "{}", true);

        Candidate again = candidate("a.onnx", files);

        assertThat(again.digest()).isNotEqualTo(before);
        assertThat(again.is(recorded)).isTrue();
        assertThat(candidate("b.onnx", files("b.onnx")).is(recorded)).isFalse();
    }
}
