package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.Deployments.ModelView;
import dev.slipway.deployment.Deployments.VersionView;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.serving.VersionState;

/** Triton's model repository extension: what there is, and what is in memory. */
final class Repository {

    private final Deployments deployments;

    Repository(Deployments deployments) {
        this.deployments = deployments;
    }

    V2.RepositoryIndexResponse index(V2.RepositoryIndexRequest request) {
        V2.RepositoryIndexResponse.Builder index = V2.RepositoryIndexResponse.newBuilder();
        for (ModelView model : deployments.models()) {
            for (VersionView version : model.versions()) {
                boolean ready = version.state() == VersionState.READY;
                if (ready || !request.getReady()) {
                    index.addModels(V2.RepositoryIndexResponse.ModelIndex.newBuilder()
                            .setName(model.record().name().name())
                            .setVersion(Long.toString(version.record().number()))
                            .setState(state(version.state()))
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
        return version.state() == VersionState.UNLOADED ? "unloaded" : "";
    }

    V2.RepositoryModelLoadResponse load(V2.RepositoryModelLoadRequest request, String principal) {
        if (request.getParametersCount() > 0) {
            throw new FailureException(
                    new Failure.Unsupported("load with file overrides is offered over REST: POST /v2/repository/models/"
                            + request.getModelName() + "/load"));
        }
        deployments.load(ModelName.of(request.getModelName()), null, principal);
        return V2.RepositoryModelLoadResponse.getDefaultInstance();
    }

    V2.RepositoryModelUnloadResponse unload(V2.RepositoryModelUnloadRequest request, String principal) {
        deployments.unload(ModelName.of(request.getModelName()), null, principal);
        return V2.RepositoryModelUnloadResponse.getDefaultInstance();
    }
}
