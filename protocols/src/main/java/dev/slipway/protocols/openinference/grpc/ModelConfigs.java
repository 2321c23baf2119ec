package dev.slipway.protocols.openinference.grpc;

import dev.slipway.core.DataType;
import dev.slipway.core.TensorSpec;
import dev.slipway.protocols.openinference.wire.V2ModelConfig;
import dev.slipway.serving.Batchability;
import dev.slipway.serving.LoadedVersion;
import java.util.List;

/** What is known of a version as Triton's {@code ModelConfig}. */
final class ModelConfigs {

    private ModelConfigs() {}

    /** Where rows may share a run, the first dimension is the batch, and {@code dims} leave it out, as Triton's do. */
    static V2ModelConfig.ModelConfig of(LoadedVersion version) {
        boolean batched = !(version.batchability() instanceof Batchability.No);
        V2ModelConfig.ModelConfig.Builder config = V2ModelConfig.ModelConfig.newBuilder()
                .setName(version.model().name())
                .setPlatform("onnxruntime_onnx")
                .setBackend("onnxruntime")
                .setDefaultModelFilename(version.manifest().model())
                .setMaxBatchSize(batched ? version.settings().batching().maxSize() : 0);
        for (TensorSpec input : version.signature().inputs()) {
            config.addInput(V2ModelConfig.ModelInput.newBuilder()
                    .setName(input.name())
                    .setDataType(type(input.dataType()))
                    .addAllDims(dims(input, batched))
                    .setOptional(input.optional()));
        }
        for (TensorSpec output : version.signature().outputs()) {
            config.addOutput(V2ModelConfig.ModelOutput.newBuilder()
                    .setName(output.name())
                    .setDataType(type(output.dataType()))
                    .addAllDims(dims(output, batched)));
        }
        if (batched) {
            config.setDynamicBatching(V2ModelConfig.ModelDynamicBatching.newBuilder()
                    .setMaxQueueDelayMicroseconds(
                            version.settings().batching().maxDelay().toNanos() / 1000));
        }
        return config.build();
    }

    private static List<Long> dims(TensorSpec spec, boolean batched) {
        List<Long> sizes = spec.shape().sizes();
        return batched ? sizes.subList(1, sizes.size()) : sizes;
    }

    private static V2ModelConfig.DataType type(DataType type) {
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
