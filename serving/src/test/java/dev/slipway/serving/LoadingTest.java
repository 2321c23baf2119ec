package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.Task;
import dev.slipway.core.TensorSpec;
import dev.slipway.testing.FakeModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadingTest extends ServingTest {

    private static final Signature WHOLE_NUMBERS = new Signature(
            List.of(new TensorSpec(
                    "x", DataType.INT64, DeclaredShape.of(Dimension.of("batch"), Dimension.of("width")))),
            List.of());

    @Test
    void anEngineThatRefusesTheFileLeavesNothingBehind() {
        serving.engine.failOpens(Failure.BadInput.of("opset 99 is not known"));
        assertThatThrownBy(() -> serving.load(FakeModel.DOUBLE, 1)).hasMessage("opset 99 is not known");
        while (serving.observer.told().isEmpty()) {
            Thread.onSpinWait(); // until the thread that loads has ended
        }
        assertThat(serving.observer.told()).containsExactly("removed 1");
    }

    @Test
    void aLoadThatDoesNotEndIsGivenUp() throws Exception {
        serving.engine.holdOpens();
        CompletableFuture<LoadedVersion> load = CompletableFuture.supplyAsync(() -> serving.load(FakeModel.DOUBLE, 1));
        serving.engine.awaitOpening();
        serving.timer.advance(ServingFixture.config().loadPatience());
        assertThatThrownBy(load::join)
                .hasMessageContaining("model 'm' version 1 was not loaded within 30 s and is given up");
        serving.engine.releaseOpens();
        assertThat(serving.load(FakeModel.DOUBLE, 2).version()).isEqualTo(2);
    }

    @Test
    void anEngineThatDoesNotNoticeHoldsUpNobodyElseAndWhatItOpensTooLateIsClosed() throws Exception {
        serving.engine.holdOpens();
        serving.engine.ignoreCancellation(true);
        CompletableFuture<LoadedVersion> load = CompletableFuture.supplyAsync(() -> serving.load(FakeModel.DOUBLE, 1));
        serving.engine.awaitOpening();
        serving.timer.advance(ServingFixture.config().loadPatience());
        assertThatThrownBy(load::join).hasMessageContaining("given up");
        assertThat(serving.engine.opened()).isEmpty();
        serving.engine.releaseOpens();
        while (serving.engine.opened().isEmpty() || serving.engine.liveSessions() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLoadUnderWayEndsWithTheServer() throws Exception {
        serving.engine.holdOpens();
        CompletableFuture<LoadedVersion> load = CompletableFuture.supplyAsync(() -> serving.load(FakeModel.DOUBLE, 1));
        serving.engine.awaitOpening();
        serving.server.close(Duration.ZERO);
        assertThat(serving.engine.closed()).isTrue();
        assertThatThrownBy(load::join).hasMessageContaining("the server is shutting down");
        assertThatThrownBy(() -> serving.load(FakeModel.DOUBLE, 2)).hasMessage("the server is shutting down");
    }

    @Test
    void aManifestThatContradictsTheModelIsRefused() {
        assertThatThrownBy(() -> serving.server.load(new VersionSource(
                        MODEL,
                        1,
                        FakeModel.DOUBLE.write(folder).getParent(),
                        Manifest.bare("fake", "model.fake", Task.TENSORS, WHOLE_NUMBERS),
                        Settings.DEFAULT)))
                .hasMessage("the manifest has the input 'x: INT64[batch,width]', the engine found"
                        + " [x: FP32[batch,width]] in the model");
        assertThat(serving.engine.liveSessions()).isZero();
    }

    @Test
    void aFormatThatNoEngineRunsIsNamedBesideThoseThatAre() {
        assertThatThrownBy(() -> serving.server.load(new VersionSource(
                        MODEL,
                        1,
                        folder,
                        Manifest.bare("tflite", "m", Task.TENSORS, FakeModel.SUM.signature()),
                        Settings.DEFAULT)))
                .hasMessage("no engine here runs format 'tflite', only [fake]; add the engine's module to run it");
    }
}
