package dev.slipway.protocols.openinference;

import dev.slipway.core.FailureException;
import dev.slipway.core.ModelRef;
import dev.slipway.core.TensorSpec;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.server.spi.ServerInfo;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server and its models say of themselves, as V2's messages: gRPC sends them, REST writes them as JSON. */
public final class Descriptions {

    /** The extensions that are answered here, by the names that Triton gives them. */
    private static final List<String> EXTENSIONS = List.of(
            "classification",
            "model_repository",
            "model_repository(unload_dependents)",
            "model_configuration",
            "binary_tensor_data",
            "parameters",
            "statistics");

    private final Models models;
    private final ServerInfo info;

    public Descriptions(ModelServer server, ServerInfo info) {
        this.models = new Models(server);
        this.info = info;
    }

    public V2.ServerMetadataResponse server() {
        return V2.ServerMetadataResponse.newBuilder()
                .setName("slipway")
                .setVersion(info.version())
                .addAllExtensions(EXTENSIONS)
                .build();
    }

    public boolean serverReady() {
        return info.ready();
    }

    /** Whether a version can answer; what does not exist cannot. */
    public boolean ready(String model, String version) {
        try {
            return models.version(Models.ref(model, version)).ready();
        } catch (FailureException e) {
            return false;
        }
    }

    /** The signature of a version, and which versions there are to choose from. */
    public V2.ModelMetadataResponse metadata(ModelRef ref) {
        LoadedVersion version = models.version(ref);
        V2.ModelMetadataResponse.Builder metadata = V2.ModelMetadataResponse.newBuilder()
                .setName(version.model().toString())
                .setPlatform(ModelConfigs.platform(version));
        if (ref.selector() instanceof ModelRef.ByVersion(long number)) {
            metadata.addVersions(Long.toString(number));
        } else {
            models.ready(ref.model()).forEach(ready -> metadata.addVersions(Long.toString(ready.version())));
        }
        version.signature().inputs().forEach(input -> metadata.addInputs(tensor(input)));
        version.signature().outputs().forEach(output -> metadata.addOutputs(tensor(output)));
        return metadata.build();
    }

    private static V2.ModelMetadataResponse.TensorMetadata tensor(TensorSpec spec) {
        return V2.ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(spec.name())
                .setDatatype(spec.dataType().name())
                .addAllShape(spec.shape().sizes())
                .build();
    }

    public V2.ModelConfigResponse config(ModelRef ref) {
        return V2.ModelConfigResponse.newBuilder()
                .setConfig(ModelConfigs.of(models.version(ref)))
                .build();
    }

    /** The counts of every version that a reference covers; of all there are for null. */
    public V2.ModelStatisticsResponse statistics(@Nullable ModelRef ref) {
        V2.ModelStatisticsResponse.Builder statistics = V2.ModelStatisticsResponse.newBuilder();
        versions(ref).forEach(version -> statistics.addModelStats(VersionCounts.of(version)));
        return statistics.build();
    }

    private List<LoadedVersion> versions(@Nullable ModelRef ref) {
        if (ref == null) {
            return models.ready();
        }
        LoadedVersion named = models.version(ref);
        return ref.selector() instanceof ModelRef.ByEndpoint ? models.ready(ref.model()) : List.of(named);
    }
}
