package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.FailureException;
import dev.slipway.core.TensorSpec;
import dev.slipway.deployment.Deployments;
import dev.slipway.deployment.Deployments.ModelView;
import dev.slipway.deployment.Deployments.VersionView;
import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.server.spi.ServerInfo;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.Published;
import dev.slipway.serving.VersionState;
import dev.slipway.serving.VersionStatistics;
import java.util.List;

/** What the server and its models say of themselves. */
final class Description {

    /** The extensions of V2 that this server offers, by Triton's names. */
    private static final List<String> EXTENSIONS = List.of(
            "classification",
            "model_repository",
            "model_configuration",
            "binary_tensor_data",
            "parameters",
            "statistics");

    private final Deployments deployments;
    private final ServerInfo info;

    Description(Deployments deployments, ServerInfo info) {
        this.deployments = deployments;
        this.info = info;
    }

    V2.ServerLiveResponse live() {
        return V2.ServerLiveResponse.newBuilder().setLive(true).build();
    }

    V2.ServerReadyResponse ready() {
        return V2.ServerReadyResponse.newBuilder().setReady(info.ready()).build();
    }

    V2.ModelReadyResponse modelReady(V2.ModelReadyRequest request) {
        boolean ready;
        try {
            ready = version(request.getName(), request.getVersion()).state() == VersionState.READY;
        } catch (FailureException e) {
            ready = false;
        }
        return V2.ModelReadyResponse.newBuilder().setReady(ready).build();
    }

    V2.ServerMetadataResponse server() {
        return V2.ServerMetadataResponse.newBuilder()
                .setName("slipway")
                .setVersion(info.version())
                .addAllExtensions(EXTENSIONS)
                .build();
    }

    V2.ModelMetadataResponse model(V2.ModelMetadataRequest request) {
        LoadedVersion version = version(request.getName(), request.getVersion());
        ModelView view = deployments.model(version.model());
        V2.ModelMetadataResponse.Builder metadata = V2.ModelMetadataResponse.newBuilder()
                .setName(version.model().name())
                .setPlatform("onnxruntime_onnx");
        for (VersionView each : view.versions()) {
            if (each.state() == VersionState.READY) {
                metadata.addVersions(Long.toString(each.record().number()));
            }
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

    V2.ModelConfigResponse config(V2.ModelConfigRequest request) {
        return V2.ModelConfigResponse.newBuilder()
                .setConfig(ModelConfigs.of(version(request.getName(), request.getVersion())))
                .build();
    }

    V2.ModelStatisticsResponse statistics(V2.ModelStatisticsRequest request) {
        V2.ModelStatisticsResponse.Builder statistics = V2.ModelStatisticsResponse.newBuilder();
        if (request.getName().isEmpty()) {
            for (Published published : deployments.server().published()) {
                published.versions().values().forEach(version -> statistics.addModelStats(statistics(version)));
            }
        } else if (request.getVersion().isEmpty()) {
            LoadedVersion any = version(request.getName(), "");
            deployments.server().published().stream()
                    .filter(published -> published.model().equals(any.model()))
                    .flatMap(published -> published.versions().values().stream())
                    .forEach(version -> statistics.addModelStats(statistics(version)));
        } else {
            statistics.addModelStats(statistics(version(request.getName(), request.getVersion())));
        }
        return statistics.build();
    }

    private static V2.ModelStatistics statistics(LoadedVersion version) {
        VersionStatistics counts = version.statistics();
        V2.ModelStatistics.Builder statistics = V2.ModelStatistics.newBuilder()
                .setName(version.model().name())
                .setVersion(Long.toString(version.version()))
                .setLastInference(counts.lastInferenceMillis())
                .setInferenceCount(counts.inferences())
                .setExecutionCount(counts.executions())
                .setInferenceStats(V2.InferStatistics.newBuilder()
                        .setSuccess(duration(counts.success()))
                        .setFail(duration(counts.fail()))
                        .setQueue(duration(counts.queue()))
                        .setComputeInput(duration(counts.computeInput()))
                        .setComputeInfer(duration(counts.computeInfer()))
                        .setComputeOutput(duration(counts.computeOutput()))
                        .setCacheHit(V2.StatisticDuration.getDefaultInstance())
                        .setCacheMiss(V2.StatisticDuration.getDefaultInstance()));
        for (VersionStatistics.Batch batch : counts.batches()) {
            statistics.addBatchStats(V2.InferBatchStatistics.newBuilder()
                    .setBatchSize(batch.size())
                    .setComputeInput(duration(batch.computeInput()))
                    .setComputeInfer(duration(batch.computeInfer()))
                    .setComputeOutput(duration(batch.computeOutput())));
        }
        return statistics.build();
    }

    private static V2.StatisticDuration duration(VersionStatistics.Duration duration) {
        return V2.StatisticDuration.newBuilder()
                .setCount(duration.count())
                .setNs(duration.nanos())
                .build();
    }

    private LoadedVersion version(String model, String version) {
        return deployments.server().version(InferExchange.reference(model, version));
    }
}
