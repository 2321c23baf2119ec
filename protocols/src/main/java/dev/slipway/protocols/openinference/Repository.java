package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.Quoted;
import dev.slipway.deployment.DeployRequest;
import dev.slipway.deployment.DeployRequest.Revision;
import dev.slipway.deployment.DeployResult;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.ModelView;
import dev.slipway.deployment.VersionView;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.serving.VersionState;
import org.jspecify.annotations.Nullable;

/**
 * Triton's model repository extension, whichever way it is called: what there is, load, unload. Everything blocks; every
 * change is durable.
 */
public final class Repository {

    private final Deployments deployments;

    public Repository(Deployments deployments) {
        this.deployments = deployments;
    }

    /** Every version that there is, or only those that can answer. */
    public V2.RepositoryIndexResponse index(boolean readyOnly) {
        V2.RepositoryIndexResponse.Builder index = V2.RepositoryIndexResponse.newBuilder();
        for (ModelView model : deployments.models()) {
            for (VersionView version : model.versions()) {
                if (!readyOnly || version.ready()) {
                    index.addModels(V2.RepositoryIndexResponse.ModelIndex.newBuilder()
                            .setName(model.record().name().toString())
                            .setVersion(Long.toString(version.record().number()))
                            .setState(version.ready() ? "READY" : state(version.state()))
                            .setReason(reason(version)));
                }
            }
        }
        return index.build();
    }

    private static String state(VersionState state) {
        return switch (state) {
            case READY -> "READY";
            case LOADING -> "LOADING";
            case UNLOADING -> "UNLOADING";
            case REGISTERED, UNLOADED, FAILED -> "UNAVAILABLE";
        };
    }

    private static String reason(VersionView version) {
        Failure failure = version.failure();
        if (failure != null) {
            return failure.detail();
        }
        if (version.ready()) {
            return "";
        }
        return switch (version.state()) {
            case UNLOADED -> "unloaded";
            case REGISTERED -> "registered, not loaded";
            case LOADING, READY, UNLOADING, FAILED -> "";
        };
    }

    /**
     * Loads what a model's endpoint names, or a new version of the files given.
     *
     * @param config a {@code ModelConfig} as JSON, if given
     * @param files the new version's; none loads what there is
     */
    public void load(String name, @Nullable String config, LoadFiles files, String actor) {
        ModelName model = Models.ref(name, null).model();
        Revision settings = config == null ? Revision.NONE : LoadConfig.read(model, config)::over;
        if (files.none()) {
            for (long version : known(model).record().endpoint().versions()) {
                revise(model, version, settings, actor);
            }
            deployments.load(model, null, actor);
        } else {
            DeployResult deployed = deploy(model, files, settings, actor);
            revise(model, deployed.version().record().number(), settings, actor);
        }
    }

    /** A parameter that a load does not know. */
    public static FailureException unknown(String parameter) {
        return InputCheck.plain(
                "unrecognized load parameter " + Quoted.of(parameter) + ", expected 'config' or 'file:<path>'");
    }

    private ModelView known(ModelName model) {
        try {
            return deployments.model(model);
        } catch (FailureException e) {
            if (e.failure() instanceof Failure.ModelNotFound) {
                throw new FailureException(
                        new Failure.ModelNotFound("failed to load '" + model + "', no version is available"), e);
            }
            throw e;
        }
    }

    private void revise(ModelName model, long version, Revision settings, String actor) {
        VersionView current = deployments.model(model).version(version);
        if (!settings.of(current.manifest(), current.settings()).equals(current.settings())) {
            deployments.settings(model, version, latest -> settings.of(current.manifest(), latest), actor, null);
        }
    }

    /** A new version has the settings from its beginning; one of these files that is there already keeps its own. */
    private DeployResult deploy(ModelName model, LoadFiles files, Revision settings, String actor) {
        return deployments.scratch().with(folder -> {
            files.moveTo(folder);
            return deployments.deploy(new DeployRequest(
                            model, folder, model.name(), actor, null, true, true, DeployRequest.Known.NEWEST, _ -> {})
                    .with(settings));
        });
    }

    /** Takes every version of a model from memory. */
    public void unload(String name, String actor) {
        deployments.unload(Models.ref(name, null).model(), null, actor);
    }
}
