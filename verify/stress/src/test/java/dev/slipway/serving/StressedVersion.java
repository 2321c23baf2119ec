package dev.slipway.serving;

import dev.slipway.core.DataSize;
import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.Settings;
import dev.slipway.core.SlabPool;
import dev.slipway.testing.FakeModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A published version of a doubling model that a test's states share, since they come and go by the million. */
final class StressedVersion {

    static final ModelName MODEL = ModelName.of("doubling");

    private final ActorLoops loops = new ActorLoops();
    private final ServedVersion version;

    StressedVersion(Settings settings) {
        SlabPool pool = new SlabPool(1L << 32, 1L << 24);
        LocalModelServer server = new LocalModelServer(
                ServingConfig.forCores(2).withCache(DataSize.ofMebibytes(1)),
                List.of(new DoublingEngine(pool)),
                pool,
                ServingObserver.NONE,
                loops);
        LoadedVersion loaded = server.load(
                new VersionSource(MODEL, 1, folder(), FakeModel.DOUBLE.manifest("doubling", "model", true), settings));
        server.publish(new Published(MODEL, Endpoint.of(1), new TreeMap<>(Map.of(1L, loaded)), Map.of()));
        this.version = (ServedVersion) loaded;
    }

    static Settings settings() {
        return Settings.DEFAULT
                .withBatching(new Settings.Batching(8, Duration.ZERO, List.of()))
                .withQueue(QueueSettings.of(1_000_000))
                .withParallelism(2, 1);
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("slipway-stress");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServedVersion version() {
        return version;
    }

    /** Sends a request from the event loop that the calling actor is. */
    void send(Asked asked) {
        send(asked, () -> {});
    }

    /** The same, and does something more before it comes for the work that it has read. */
    void send(Asked asked, Runnable more) {
        loops.turn(() -> {
            if (!version.accept(asked.request(), asked, false)) {
                throw new IllegalStateException("the version has left");
            }
            more.run();
        });
    }
}
