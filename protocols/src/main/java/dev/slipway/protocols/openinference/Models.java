package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.Published;
import dev.slipway.serving.VersionState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models of a server as V2 refers to them; what is missing is told in Triton's words. */
final class Models {

    private final ModelServer server;

    Models(ModelServer server) {
        this.server = server;
    }

    /** What {@code model} or {@code model@alias}, and a version if given, refer to. */
    static ModelRef ref(String model, @Nullable String version) {
        ModelRef ref;
        try {
            ref = ModelRef.parse(model);
        } catch (FailureException e) {
            throw unknown(model, e);
        }
        if (version == null || version.isEmpty()) {
            return ref;
        }
        if (!(ref.selector() instanceof ModelRef.ByEndpoint)) {
            throw InputCheck.plain("model '" + model + "' names an alias; give either an alias or a version");
        }
        try {
            return ModelRef.of(ref.model(), ModelRef.parseVersion(version));
        } catch (FailureException e) {
            throw new FailureException(
                    Failure.BadInput.of("failed to get model version from specified version string '" + version + "'"),
                    e);
        }
    }

    private static FailureException unknown(String model, FailureException cause) {
        return new FailureException(
                new Failure.ModelNotFound("Request for unknown model: '" + model + "' is not found"), cause);
    }

    LoadedVersion version(ModelRef ref) {
        try {
            return server.version(ref);
        } catch (FailureException e) {
            throw inTritonsWords(ref, e);
        }
    }

    private FailureException inTritonsWords(ModelRef ref, FailureException error) {
        String name = ref.model().toString();
        return switch (error.failure()) {
            case Failure.ModelNotFound _ -> unknown(name, error);
            case Failure.VersionNotFound _ ->
                switch (ref.selector()) {
                    case ModelRef.ByVersion(long version) ->
                        new FailureException(
                                new Failure.VersionNotFound("Request for unknown model: '" + name + "' version "
                                        + version + " is not found"),
                                error);
                    case ModelRef.ByEndpoint _ ->
                        new FailureException(
                                new Failure.VersionNotFound(
                                        "Request for unknown model: '" + name + "' has no available versions"),
                                error);
                    case ModelRef.ByAlias(String alias) ->
                        new FailureException(
                                new Failure.VersionNotFound(
                                        "Request for unknown model: '" + name + "' alias '" + alias + "' is not found"),
                                error);
                };
            default -> error;
        };
    }

    /** The versions of a model that can answer now, ascending. */
    List<LoadedVersion> ready(ModelName model) {
        return published(model).stream()
                .flatMap(published -> published.versions().values().stream())
                .filter(version -> version.state() == VersionState.READY)
                .toList();
    }

    private List<Published> published(ModelName model) {
        return server.published().stream()
                .filter(published -> published.model().equals(model))
                .toList();
    }

    List<Published> all() {
        return server.published();
    }
}
