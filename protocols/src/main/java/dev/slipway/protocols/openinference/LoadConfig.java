package dev.slipway.protocols.openinference;

import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Settings;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code ModelConfig} given to a load may say: how requests share a run, how many
 * runs may go on, and whether answers are kept. What else it
 * says must be so already, as the model's file and name have it; anything that would have to change more is refused.
 *
 * @param maxBatchSize 0 turns batching off
 * @param claims what it says of the model's own file, by name: its inputs and outputs, and what it is called
 */
record LoadConfig(
        @Nullable Integer maxBatchSize,
        BatchingConfig batching,
        @Nullable Integer instances,
        @Nullable Boolean cache,
        Map<String, Object> claims) {

    private static final int MOST_ROWS = 65_536;
    private static final int MOST_INSTANCES = 256;
    private static final Set<String> CPU = Set.of("KIND_CPU", "KIND_AUTO");

    static LoadConfig read(ModelName model, String text) {
        if (!(Json.parseLimited(text) instanceof Map<?, ?> config)) {
            throw InputCheck.plain("parameter 'config' must be a ModelConfig as a JSON object");
        }
        Integer maxBatchSize = null;
        BatchingConfig batching = BatchingConfig.read(Map.of());
        Integer instances = null;
        Boolean cache = null;
        Map<String, Object> claims = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : config.entrySet()) {
            String name = String.valueOf(member.getKey());
            Object value = member.getValue();
            switch (name) {
                case "max_batch_size" -> maxBatchSize = ConfigMembers.number(name, value, MOST_ROWS);
                case "dynamic_batching" -> batching = BatchingConfig.read(ConfigMembers.object(name, value));
                case "response_cache" -> cache = enabled(ConfigMembers.object(name, value));
                case "instance_group" -> instances = instances(value);
                case "name" -> ConfigMembers.require(name, value, Set.of(model.toString()));
                case "platform" -> ConfigMembers.require(name, value, Set.of("onnxruntime_onnx"));
                case "backend" -> ConfigMembers.require(name, value, Set.of("onnxruntime"));
                case "version_policy" ->
                    ConfigMembers.require(name, value, Set.of(Map.of("latest", Map.of("num_versions", 1L))));
                case "input", "output", "default_model_filename" -> {
                    if (value != null) {
                        claims.put(name, value);
                    }
                }
                default -> ConfigMembers.require(name, value, Set.of());
            }
        }
        return new LoadConfig(maxBatchSize, batching, instances, cache, claims);
    }

    private void requireTrueOf(Manifest manifest) {
        claims.forEach((name, value) -> {
            switch (name) {
                case "input" -> requireTrue(name, value, manifest.signature().inputs());
                case "output" -> requireTrue(name, value, manifest.signature().outputs());
                default -> ConfigMembers.require(name, value, Set.of(manifest.model()));
            }
        });
    }

    private static void requireTrue(String side, Object value, List<TensorSpec> tensors) {
        for (Object element : ConfigMembers.list(side, value)) {
            Map<?, ?> given = ConfigMembers.object(side, element);
            TensorSpec tensor = tensors.stream()
                    .filter(spec -> spec.name().equals(given.get("name")))
                    .findFirst()
                    .orElseThrow(() -> ConfigMembers.fixed(side, element));
            given.forEach((key, member) -> {
                String name = side + " '" + tensor.name() + "'." + key;
                switch (String.valueOf(key)) {
                    case "name" -> {}
                    case "data_type" ->
                        ConfigMembers.require(
                                name,
                                member,
                                Set.of(ModelConfigs.type(tensor.dataType()).name()));
                    case "dims" -> requireDims(name, member, tensor.shape().sizes());
                    case "optional" -> ConfigMembers.require(name, member, Set.of(tensor.optional()));
                    case "format" -> ConfigMembers.require(name, member, Set.of("FORMAT_NONE"));
                    default -> ConfigMembers.require(name, member, Set.of());
                }
            });
        }
    }

    /** Sizes with or without the batch, as numbers or, as protobuf writes those of 64 bits in JSON, as strings. */
    private static void requireDims(String name, @Nullable Object value, List<Long> sizes) {
        List<String> whole = sizes.stream().map(String::valueOf).toList();
        List<String> given = value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
        if (!given.equals(whole) && !(sizes.size() > 0 && given.equals(whole.subList(1, whole.size())))) {
            throw ConfigMembers.fixed(name, value);
        }
    }

    private static boolean enabled(Map<?, ?> cache) {
        boolean enabled = false;
        for (Map.Entry<?, ?> member : cache.entrySet()) {
            if (member.getKey().equals("enable") && member.getValue() instanceof Boolean on) {
                enabled = on;
            } else {
                ConfigMembers.require("response_cache." + member.getKey(), member.getValue(), Set.of());
            }
        }
        return enabled;
    }

    private static @Nullable Integer instances(@Nullable Object groups) {
        if (!(groups instanceof List<?> list)) {
            throw InputCheck.plain("parameter 'config': 'instance_group' must be a list");
        }
        int instances = 0;
        for (Object group : list) {
            for (Map.Entry<?, ?> member :
                    ConfigMembers.object("instance_group", group).entrySet()) {
                String name = "instance_group." + member.getKey();
                switch (String.valueOf(member.getKey())) {
                    case "count" ->
                        instances += ConfigMembers.number(name, member.getValue(), MOST_INSTANCES - instances);
                    case "kind" -> ConfigMembers.require(name, member.getValue(), CPU);
                    case "name" -> {}
                    default -> ConfigMembers.require(name, member.getValue(), Set.of());
                }
            }
        }
        return instances == 0 ? null : instances;
    }

    /** These settings of a version, as far as this says nothing else. */
    Settings over(Manifest manifest, Settings settings) {
        requireTrueOf(manifest);
        int maxSize = maxBatchSize == null ? settings.batching().maxSize() : Math.max(1, maxBatchSize);
        Settings changed = batching.over(settings, maxSize).withCache(cache == null ? settings.cache() : cache);
        return instances == null ? changed : changed.withParallelism(instances, changed.intraOpThreads());
    }
}
