package dev.slipway.deployment;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import dev.slipway.packages.PackageOpener;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.Registry;
import dev.slipway.serving.ModelServer;
import dev.slipway.tasks.TaskForm;
import dev.slipway.tasks.TaskForms;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens, checks, commits and publishes versions, and moves what serves. Every method blocks; every change is durable
 * when it returns. Changes of one model come one after another; a deploy that is already running is joined.
 */
public final class Deployments {

    /**
     * The rooms it works with.
     *
     * @param scratch a folder for unpacked archives, emptied at start
     */
    public Deployments(
            Registry registry,
            ArtifactStore artifacts,
            ModelServer server,
            PackageOpener opener,
            TaskForms forms,
            Path scratch) {
        throw new UnsupportedOperationException();
    }

    /** Loads and publishes everything that should serve; what fails is recorded and named, and does not stop the rest. */
    public void restore() {
        throw new UnsupportedOperationException();
    }

    public DeployResult deploy(DeployRequest request) {
        throw new UnsupportedOperationException();
    }

    /** Moves the endpoint, loading first what it names. */
    public ModelView endpoint(ModelName model, Endpoint endpoint, String actor, @Nullable Long expectedRevision) {
        throw new UnsupportedOperationException();
    }

    /** Makes {@code version} what the alias names; {@code stable} means the endpoint's only target. */
    public ModelView alias(
            ModelName model, String alias, @Nullable Long version, String actor, @Nullable Long expectedRevision) {
        throw new UnsupportedOperationException();
    }

    /** Back to {@code to}, or to the last version that was stable before and was not itself rolled back. */
    public ModelView rollback(ModelName model, @Nullable Long to, String actor) {
        throw new UnsupportedOperationException();
    }

    /** A new revision of a version's settings, in force when this returns. */
    public ModelView settings(ModelName model, long version, Settings settings, String actor) {
        throw new UnsupportedOperationException();
    }

    /** Makes a model's endpoint (null) or one version wanted in memory, loads it, and publishes. */
    public ModelView load(ModelName model, @Nullable Long version, String actor) {
        throw new UnsupportedOperationException();
    }

    /** Takes a model's endpoint (null) or one version from memory, durably. */
    public ModelView unload(ModelName model, @Nullable Long version, String actor) {
        throw new UnsupportedOperationException();
    }

    public void removeVersion(ModelName model, long version, String actor) {
        throw new UnsupportedOperationException();
    }

    public void removeModel(ModelName model, String actor) {
        throw new UnsupportedOperationException();
    }

    public List<ModelView> models() {
        throw new UnsupportedOperationException();
    }

    /**
     * What is desired and observed of a model.
     *
     * @throws dev.slipway.core.FailureException {@code ModelNotFound}
     */
    public ModelView model(ModelName model) {
        throw new UnsupportedOperationException();
    }

    public List<HistoryEntry> history(ModelName model, int limit, @Nullable Long beforeSeq) {
        throw new UnsupportedOperationException();
    }

    /** The friendly form of a version in memory. */
    public TaskForm form(dev.slipway.serving.LoadedVersion version) {
        throw new UnsupportedOperationException();
    }

    public ModelServer server() {
        throw new UnsupportedOperationException();
    }

    public Registry registry() {
        throw new UnsupportedOperationException();
    }

    public ArtifactStore artifacts() {
        throw new UnsupportedOperationException();
    }

    /** Whether every version that should serve is ready or has failed for good. */
    public boolean settled() {
        throw new UnsupportedOperationException();
    }

    /** A model as desired (record) and as observed here. */
    public record ModelView(ModelRecord record, List<VersionView> versions) {}

    /**
     * A version as observed here.
     *
     * @param failure why it is {@code FAILED}, if it is
     * @param loaded the version in memory, if it is
     */
    public record VersionView(
            dev.slipway.registry.VersionRecord record,
            dev.slipway.core.Manifest manifest,
            Settings settings,
            dev.slipway.serving.VersionState state,
            dev.slipway.core.@Nullable Failure failure,
            dev.slipway.serving.@Nullable LoadedVersion loaded) {}
}
