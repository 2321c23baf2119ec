package dev.slipway.embed;

import dev.slipway.core.FolderTree;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import dev.slipway.core.SlabPool;
import dev.slipway.packages.OpenedPackage;
import dev.slipway.packages.PackageOpener;
import dev.slipway.serving.EventLoops;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.LocalModelServer;
import dev.slipway.serving.ServingObserver;
import dev.slipway.serving.VersionSource;
import dev.slipway.tasks.TaskForm;
import dev.slipway.tasks.TaskForms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opens models for use in this process. */
public final class Slipway {

    private static final long POOL_BYTES = 4L << 30;
    private static final long POOL_KEEPS = 64L << 20;

    private Slipway() {}

    /**
     * Opens a model with its own settings, without batching unless its package calls it batchable.
     *
     * @param path an ONNX file, a package (folder or archive), or a folder of numbered versions, of which the highest
     *     is taken
     * @throws dev.slipway.core.FailureException saying what is wrong with what is there
     */
    public static Model open(Path path) {
        return open(path, Options.DEFAULT);
    }

    /**
     * Opens a model.
     *
     * @throws dev.slipway.core.FailureException saying what is wrong with what is there
     */
    public static Model open(Path path, Options options) {
        try (Closing closing = new Closing()) {
            Path scratch = Files.createTempDirectory("slipway");
            closing.add(() -> FolderTree.delete(scratch));
            OpenedPackage opened = new PackageOpener(PackageOpener.Limits.DEFAULT)
                    .open(path, path.toAbsolutePath().normalize().getFileName().toString(), scratch);
            long number = opened.versions().lastKey();
            OpenedPackage.Version version = opened.versions().sequencedValues().getLast();
            TaskForm form = TaskForms.load().create(version.manifest());

            SlabPool pool = closing.add(new SlabPool(POOL_BYTES, POOL_KEEPS));
            LocalModelServer server =
                    closing.add(LocalModelServer.withEnginesOnClassPath(pool, ServingObserver.NONE, EventLoops.NONE));
            LoadedVersion loaded = closing.add(server.load(new VersionSource(
                    ModelName.of(opened.name()),
                    Math.max(1, number),
                    version.folder(),
                    version.manifest(),
                    settings(options, version))));
            if (options.batching()) {
                loaded.probe(List.of());
            }
            return new Model(loaded, form, pool, closing.handOver());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a scratch folder: " + e.getMessage(), e);
        }
    }

    private static Settings settings(Options options, OpenedPackage.Version version) {
        if (options.settings() != null) {
            return options.settings();
        }
        return version.settings() == null ? Settings.DEFAULT : version.settings();
    }
}
