package dev.slipway.deployment;

import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.StorageFault;
import dev.slipway.packages.Manifests;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.VersionSource;
import dev.slipway.tasks.TaskForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Brings a version from its record into memory, beside traffic, tried out and warm. */
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
    record Prepared(LoadedVersion loaded, Examination.Report report) {}

    Prepared load(ModelName model, VersionRecord version, Examination.Rigor rigor, Consumer<String> progress) {
        Manifest manifest = Manifests.read(version.manifest());
        TaskForm form = forms.create(manifest);
        Path folder = layOut(version);
        progress.accept("loading version " + version.number());
        LoadedVersion loaded = server.load(
                new VersionSource(model, version.number(), folder, manifest, VersionDocuments.settings(version)));
        try {
            Examination.Report report =
                    examination.run(new Trial(loaded, form, server.pool()), folder, rigor, progress);
            forms.keep(loaded, form);
            return new Prepared(loaded, report);
        } catch (RuntimeException | Error e) {
            loaded.close();
            throw e;
        }
    }

    private Path layOut(VersionRecord version) {
        try {
            return artifacts.layOut(VersionDigest.ofFolder(version), version.files());
        } catch (IOException e) {
            throw new FailureException(
                    StorageFault.of("the files of version " + version.number() + " cannot be laid out", e), e);
        }
    }

    /** Closes what was loaded in vain. */
    void abandon(Prepared prepared) {
        forms.forget(prepared.loaded());
        prepared.loaded().close();
    }
}
