package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.QueueSettings;
import dev.slipway.core.Settings;
import dev.slipway.core.TensorSpec;
import dev.slipway.protocols.openinference.wire.V2ModelConfig;
import dev.slipway.serving.LoadedVersion;
import java.util.List;

/** What is known of a version as Triton's {@code ModelConfig}, as Triton would complete it from the model. */
final class ModelConfigs {

    private ModelConfigs() {}

    /** What runs a version and what it was written in: {@code onnxruntime_onnx}. */
    static String platform(LoadedVersion version) {
        return backend(version) + "_" + version.manifest().format();
    }

    private static String backend(LoadedVersion version) {
        String engine = version.engine();
        int space = engine.indexOf(' ');
        return space < 0 ? engine : engine.substring(0, space);
    }

    /** Where rows may share a run, the first dimension is the batch, and {@code dims} leave it out, as Triton's do. */
    static V2ModelConfig.ModelConfig of(LoadedVersion version) {
        Settings settings = version.settings();
        boolean batches = InputCheck.batches(version);
        V2ModelConfig.ModelConfig.Builder config = V2ModelConfig.ModelConfig.newBuilder()
                .setName(version.model().toString())
                .setPlatform(platform(version))
                .setBackend(backend(version))
                .setVersionPolicy(V2ModelConfig.ModelVersionPolicy.newBuilder()
                        .setLatest(V2ModelConfig.ModelVersionPolicy.Latest.newBuilder()
                                .setNumVersions(1)))
                .setMaxBatchSize(batches ? settings.batching().maxSize() : 0)
                .addInstanceGroup(V2ModelConfig.ModelInstanceGroup.newBuilder()
                        .setName(version.model().toString())
                        .setKind(V2ModelConfig.ModelInstanceGroup.Kind.KIND_CPU)
                        .setCount(Math.max(1, settings.instances())))
                .setDefaultModelFilename(version.manifest().model());
        if (settings.cache()) {
            config.setResponseCache(
                    V2ModelConfig.ModelResponseCache.newBuilder().setEnable(true));
        }
        for (TensorSpec input : version.signature().inputs()) {
            config.addInput(V2ModelConfig.ModelInput.newBuilder()
                    .setName(input.name())
                    .setDataType(type(input.dataType()))
                    .addAllDims(dims(input, batches))
                    .setOptional(input.optional()));
        }
        for (TensorSpec output : version.signature().outputs()) {
            config.addOutput(V2ModelConfig.ModelOutput.newBuilder()
                    .setName(output.name())
                    .setDataType(type(output.dataType()))
                    .addAllDims(dims(output, batches)));
        }
        if (batches) {
            config.setDynamicBatching(batching(settings));
        }
        return config.build();
    }

    private static V2ModelConfig.ModelDynamicBatching batching(Settings settings) {
        QueueSettings queue = settings.queue();
        V2ModelConfig.ModelDynamicBatching.Builder batching = V2ModelConfig.ModelDynamicBatching.newBuilder()
                .setMaxQueueDelayMicroseconds(settings.batching().maxDelay().toNanos() / 1000)
                .addAllPreferredBatchSize(settings.batching().preferredSizes())
                .setPriorityLevels(queue.priorityLevels())
                .setDefaultPriorityLevel(queue.defaultPriority());
        if (!queue.policy().equals(QueueSettings.Policy.NONE)) {
            batching.setDefaultQueuePolicy(policy(queue.policy()));
        }
        queue.priorityPolicies().forEach((level, policy) -> batching.putPriorityQueuePolicy(level, policy(policy)));
        return batching.build();
    }

    private static V2ModelConfig.ModelQueuePolicy policy(QueueSettings.Policy policy) {
        return V2ModelConfig.ModelQueuePolicy.newBuilder()
                .setTimeoutAction(
                        switch (policy.action()) {
                            case REJECT -> V2ModelConfig.ModelQueuePolicy.TimeoutAction.REJECT;
                            case DELAY -> V2ModelConfig.ModelQueuePolicy.TimeoutAction.DELAY;
                        })
                .setDefaultTimeoutMicroseconds(policy.timeout().toNanos() / 1000)
                .setAllowTimeoutOverride(true)
                .setMaxQueueSize(policy.size())
                .build();
    }

    private static List<Long> dims(TensorSpec spec, boolean batches) {
        List<Long> sizes = spec.shape().sizes();
        return batches ? sizes.subList(1, sizes.size()) : sizes;
    }

    static V2ModelConfig.DataType type(DataType type) {
        return switch (type) {
            case BOOL -> V2ModelConfig.DataType.TYPE_BOOL;
            case UINT8 -> V2ModelConfig.DataType.TYPE_UINT8;
            case UINT16 -> V2ModelConfig.DataType.TYPE_UINT16;
            case UINT32 -> V2ModelConfig.DataType.TYPE_UINT32;
            case UINT64 -> V2ModelConfig.DataType.TYPE_UINT64;
            case INT8 -> V2ModelConfig.DataType.TYPE_INT8;
            case INT16 -> V2ModelConfig.DataType.TYPE_INT16;
            case INT32 -> V2ModelConfig.DataType.TYPE_INT32;
            case INT64 -> V2ModelConfig.DataType.TYPE_INT64;
            case FP16 -> V2ModelConfig.DataType.TYPE_FP16;
            case BF16 -> V2ModelConfig.DataType.TYPE_BF16;
            case FP32 -> V2ModelConfig.DataType.TYPE_FP32;
            case FP64 -> V2ModelConfig.DataType.TYPE_FP64;
            case BYTES -> V2ModelConfig.DataType.TYPE_STRING;
        };
    }
}
