package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.VersionStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metadata, configuration and statistics of versions, in the shapes of V2 and Triton's extensions. */
final class Descriptions {

    /** The extensions that are answered here, by the names that Triton gives them. */
    static final List<String> EXTENSIONS = List.of(
            "classification",
            "model_repository",
            "model_repository(unload_dependents)",
            "model_configuration",
            "binary_tensor_data",
            "parameters",
            "statistics");

    private Descriptions() {}

    static Map<String, Object> metadata(LoadedVersion version, List<String> versions) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", version.model().toString());
        metadata.put("versions", versions);
        metadata.put("platform", platform(version));
        metadata.put(
                "inputs",
                version.signature().inputs().stream().map(Descriptions::tensor).toList());
        metadata.put(
                "outputs",
                version.signature().outputs().stream().map(Descriptions::tensor).toList());
        return metadata;
    }

    private static String platform(LoadedVersion version) {
        String engine = version.engine();
        int space = engine.indexOf(' ');
        return (space < 0 ? engine : engine.substring(0, space)) + "_"
                + version.manifest().format();
    }

    private static Map<String, Object> tensor(TensorSpec spec) {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("name", spec.name());
        tensor.put("datatype", spec.dataType().name());
        tensor.put("shape", spec.shape().sizes());
        return tensor;
    }

    /** A {@code ModelConfig} as Triton would complete it from the model. */
    static Map<String, Object> config(LoadedVersion version) {
        Signature signature = version.signature();
        Settings settings = version.settings();
        boolean batches = InputCheck.batches(version);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", version.model().toString());
        config.put("platform", platform(version));
        config.put("backend", platform(version).substring(0, platform(version).indexOf('_')));
        config.put("version_policy", Map.of("latest", Map.of("num_versions", 1)));
        config.put("max_batch_size", batches ? settings.batching().maxSize() : 0);
        config.put(
                "input",
                signature.inputs().stream()
                        .map(spec -> configured(spec, batches))
                        .toList());
        config.put(
                "output",
                signature.outputs().stream()
                        .map(spec -> configured(spec, batches))
                        .toList());
        config.put(
                "instance_group",
                List.of(Map.of(
                        "name",
                        version.model().toString(),
                        "kind",
                        "KIND_CPU",
                        "count",
                        Math.max(1, settings.instances()))));
        config.put("default_model_filename", version.manifest().model());
        if (batches) {
            config.put(
                    "dynamic_batching",
                    Map.of(
                            "max_queue_delay_microseconds",
                            settings.batching().maxDelay().toNanos() / 1000));
        }
        return config;
    }

    private static Map<String, Object> configured(TensorSpec spec, boolean batches) {
        List<Long> sizes = spec.shape().sizes();
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("name", spec.name());
        tensor.put("data_type", spec.dataType() == DataType.BYTES ? "TYPE_STRING" : "TYPE_" + spec.dataType());
        tensor.put("dims", batches ? sizes.subList(1, sizes.size()) : sizes);
        if (spec.optional()) {
            tensor.put("optional", true);
        }
        return tensor;
    }

    static Map<String, Object> statistics(LoadedVersion version) {
        VersionStatistics counted = version.statistics();
        Map<String, Object> inference = new LinkedHashMap<>();
        inference.put("success", duration(counted.success()));
        inference.put("fail", duration(counted.fail()));
        inference.put("queue", duration(counted.queue()));
        inference.put("compute_input", duration(counted.computeInput()));
        inference.put("compute_infer", duration(counted.computeInfer()));
        inference.put("compute_output", duration(counted.computeOutput()));
        inference.put("cache_hit", duration(new VersionStatistics.Duration(0, 0)));
        inference.put("cache_miss", duration(new VersionStatistics.Duration(0, 0)));
        Map<String, Object> statistics = new LinkedHashMap<>();
        statistics.put("name", version.model().toString());
        statistics.put("version", Long.toString(version.version()));
        statistics.put("last_inference", counted.lastInferenceMillis());
        statistics.put("inference_count", counted.inferences());
        statistics.put("execution_count", counted.executions());
        statistics.put("inference_stats", inference);
        statistics.put("response_stats", Map.of());
        statistics.put(
                "batch_stats",
                counted.batches().stream().map(Descriptions::batch).toList());
        statistics.put("memory_usage", List.of());
        return statistics;
    }

    private static Map<String, Object> batch(VersionStatistics.Batch counted) {
        Map<String, Object> batch = new LinkedHashMap<>();
        batch.put("batch_size", counted.size());
        batch.put("compute_input", duration(counted.computeInput()));
        batch.put("compute_infer", duration(counted.computeInfer()));
        batch.put("compute_output", duration(counted.computeOutput()));
        return batch;
    }

    private static Map<String, Object> duration(VersionStatistics.Duration counted) {
        Map<String, Object> duration = new LinkedHashMap<>();
        duration.put("count", counted.count());
        duration.put("ns", counted.nanos());
        return duration;
    }
}
