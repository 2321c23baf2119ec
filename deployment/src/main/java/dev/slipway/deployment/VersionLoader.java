package dev.slipway.deployment;

import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Settings;
import dev.slipway.core.StorageFault;
import dev.slipway.packages.Manifests;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.VersionRecord;
import dev.slipway.registry.VersionRecord.FileRecord;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.VersionSource;
import dev.slipway.tasks.TaskForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Brings a version from its record into memory, beside traffic, tried out and warm; or lets it come when it is asked. */
final class VersionLoader {

    private final ArtifactStore artifacts;
    private final ModelServer server;
    private final Forms forms;
    private final Examination examination;

    VersionLoader(ArtifactStore artifacts, ModelServer server, Forms forms, Examination examination) {
        this.artifacts = artifacts;
        this.server = server;
        this.forms = forms;
        this.examination = examination;
    }

    /** A version in memory to which nobody is sent yet. */
    record Prepared(Trial trial, Examination.Report report) {
        LoadedVersion loaded() {
            return trial.loaded();
        }
    }

    Prepared load(ModelName model, VersionRecord version, Examination.Rigor rigor, Consumer<String> progress) {
        return load(model, version, VersionDocuments.settings(version), rigor, progress);
    }

    /** The same version with other settings, warm. */
    Prepared loadWith(ModelName model, VersionRecord version, Settings settings) {
        return load(model, version, settings, Examination.Rigor.WARM_UP, _ -> {});
    }

    private Prepared load(
            ModelName model,
            VersionRecord version,
            Settings settings,
            Examination.Rigor rigor,
            Consumer<String> progress) {
        Manifest manifest = Manifests.read(version.manifest());
        TaskForm form = forms.create(manifest);
        progress.accept("loading version " + version.number());
        VersionSource source = source(model, version, manifest, settings);
        LoadedVersion loaded = server.load(source);
        try {
            Trial trial = new Trial(loaded, form, server.pool());
            Examination.Report report = examination.run(trial, source.folder().layOut(), rigor, progress);
            forms.keep(loaded, form);
            return new Prepared(trial, report);
        } catch (RuntimeException | Error e) {
            loaded.close();
            throw e;
        }
    }

    /** An input to try a version with, the caller's. */
    List<NamedTensor> sample(VersionRecord version, Trial trial) {
        return examination.sample(trial, layOut(version.number(), VersionDigest.ofFolder(version), version.files()));
    }

    /** A version that comes into memory when it is asked, and is tried out and warmed up when it first has. */
    LoadedVersion offer(ModelName model, VersionRecord version) {
        Manifest manifest = Manifests.read(version.manifest());
        TaskForm form = forms.create(manifest);
        VersionSource source = source(model, version, manifest, VersionDocuments.settings(version));
        LoadedVersion offered = server.offer(
                source,
                loaded -> examination.run(
                        new Trial(loaded, form, server.pool()),
                        source.folder().layOut(),
                        Examination.Rigor.WARM_UP,
                        _ -> {}));
        forms.keep(offered, form);
        return offered;
    }

    private VersionSource source(ModelName model, VersionRecord version, Manifest manifest, Settings settings) {
        long number = version.number();
        String folder = VersionDigest.ofFolder(version);
        List<FileRecord> files = version.files();
        return new VersionSource(model, number, () -> layOut(number, folder, files), manifest, settings);
    }

    private Path layOut(long number, String folder, List<FileRecord> files) {
        try {
            return artifacts.layOut(folder, files);
        } catch (IOException e) {
            throw new FailureException(StorageFault.of("the files of version " + number + " cannot be laid out", e), e);
        }
    }

    /** Closes what was loaded in vain. */
    void abandon(Prepared prepared) {
        forms.forget(prepared.loaded());
        prepared.loaded().close();
    }
}
