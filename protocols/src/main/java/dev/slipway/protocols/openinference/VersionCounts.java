package dev.slipway.protocols.openinference;

import dev.slipway.protocols.openinference.wire.V2;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.VersionStatistics;

/** What a version has counted, as Triton's {@code ModelStatistics}. Nothing is cached, so nothing was ever hit. */
final class VersionCounts {

    private VersionCounts() {}

    static V2.ModelStatistics of(LoadedVersion version) {
        VersionStatistics counted = version.statistics();
        V2.ModelStatistics.Builder statistics = V2.ModelStatistics.newBuilder()
                .setName(version.model().toString())
                .setVersion(Long.toString(version.version()))
                .setLastInference(counted.lastInferenceMillis())
                .setInferenceCount(counted.inferences())
                .setExecutionCount(counted.executions())
                .setInferenceStats(V2.InferStatistics.newBuilder()
                        .setSuccess(duration(counted.success()))
                        .setFail(duration(counted.fail()))
                        .setQueue(duration(counted.queue()))
                        .setComputeInput(duration(counted.computeInput()))
                        .setComputeInfer(duration(counted.computeInfer()))
                        .setComputeOutput(duration(counted.computeOutput()))
                        .setCacheHit(duration(counted.cacheHit()))
                        .setCacheMiss(duration(counted.cacheMiss())));
        for (VersionStatistics.Batch batch : counted.batches()) {
            statistics.addBatchStats(V2.InferBatchStatistics.newBuilder()
                    .setBatchSize(batch.size())
                    .setComputeInput(duration(batch.computeInput()))
                    .setComputeInfer(duration(batch.computeInfer()))
                    .setComputeOutput(duration(batch.computeOutput())));
        }
        return statistics.build();
    }

    private static V2.StatisticDuration duration(VersionStatistics.Duration counted) {
        return V2.StatisticDuration.newBuilder()
                .setCount(counted.count())
                .setNs(counted.nanos())
                .build();
    }
}
