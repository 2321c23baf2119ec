package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Quoted;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.Published;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The models of a server as V2 refers to them; what is missing is told in Triton's words. */
public final class Models {

    private final ModelServer server;

    public Models(ModelServer server) {
        this.server = server;
    }

    /** What {@code model} or {@code model@alias}, and a version if given, refer to. */
    public static ModelRef ref(String model, @Nullable String version) {
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
                    Failure.BadInput.of(
                            "failed to get model version from specified version string " + Quoted.of(version)),
                    e);
        }
    }

    private static FailureException unknown(String model, FailureException cause) {
        return new FailureException(
                new Failure.ModelNotFound("Request for unknown model: '" + model + "' is not found"), cause);
    }

    /** The version that a reference means now; of several targets the first. */
    public LoadedVersion version(ModelRef ref) {
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
                                new Failure.VersionNotFound("Request for unknown model: " + Quoted.of(name)
                                        + " version " + version + " is not found"),
                                error);
                    case ModelRef.ByEndpoint _ ->
                        new FailureException(
                                new Failure.VersionNotFound(
                                        "Request for unknown model: " + Quoted.of(name) + " has no available versions"),
                                error);
                    case ModelRef.ByAlias(String alias) ->
                        new FailureException(
                                new Failure.VersionNotFound("Request for unknown model: " + Quoted.of(name) + " alias "
                                        + Quoted.of(alias) + " is not found"),
                                error);
                };
            case Failure.NotReady _
            when ref.selector() instanceof ModelRef.ByVersion(long version) ->
                new FailureException(
                        new Failure.NotReady("Request for unknown model: " + Quoted.of(name) + " version " + version
                                + " is not at ready state"),
                        error);
            default -> error;
        };
    }

    /** The versions of a model that can answer, ascending. */
    List<LoadedVersion> ready(ModelName model) {
        return ready(server.published(model).stream());
    }

    /** The versions of all models that can answer. */
    List<LoadedVersion> ready() {
        return ready(server.published().stream());
    }

    private static List<LoadedVersion> ready(Stream<Published> published) {
        return published
                .flatMap(model -> model.versions().values().stream())
                .filter(LoadedVersion::ready)
                .toList();
    }

    List<Published> all() {
        return server.published();
    }
}
