package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelName;
import dev.slipway.core.Quoted;
import dev.slipway.core.Settings;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code ModelConfig} given to a load may say: how requests share a run, and how many runs may go on. What else it
 * says must be so already, as the model's file and name have it; anything that would have to change more is refused.
 *
 * @param maxBatchSize 0 turns batching off
 * @param claims what it says of the model's own file, by name: its inputs and outputs, and what it is called
 */
record LoadConfig(
        @Nullable Integer maxBatchSize,
        @Nullable Duration maxDelay,
        @Nullable Integer instances,
        Map<String, Object> claims) {

    private static final int MOST_ROWS = 65_536;
    private static final int MOST_MICROS = 10_000_000;
    private static final int MOST_INSTANCES = 256;
    private static final Set<String> CPU = Set.of("KIND_CPU", "KIND_AUTO");

    static LoadConfig read(ModelName model, String text) {
        if (!(Json.parseLimited(text) instanceof Map<?, ?> config)) {
            throw InputCheck.plain("parameter 'config' must be a ModelConfig as a JSON object");
        }
        Integer maxBatchSize = null;
        Duration maxDelay = null;
        Integer instances = null;
        Map<String, Object> claims = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : config.entrySet()) {
            String name = String.valueOf(member.getKey());
            Object value = member.getValue();
            switch (name) {
                case "max_batch_size" -> maxBatchSize = number(name, value, MOST_ROWS);
                case "dynamic_batching" -> maxDelay = delay(object(name, value));
                case "instance_group" -> instances = instances(value);
                case "name" -> require(name, value, Set.of(model.toString()));
                case "platform" -> require(name, value, Set.of("onnxruntime_onnx"));
                case "backend" -> require(name, value, Set.of("onnxruntime"));
                case "version_policy" -> require(name, value, Set.of(Map.of("latest", Map.of("num_versions", 1L))));
                case "input", "output", "default_model_filename" -> {
                    if (value != null) {
                        claims.put(name, value);
                    }
                }
                default -> require(name, value, Set.of());
            }
        }
        return new LoadConfig(maxBatchSize, maxDelay, instances, claims);
    }

    private void requireTrueOf(Manifest manifest) {
        claims.forEach((name, value) -> {
            switch (name) {
                case "input" -> requireTrue(name, value, manifest.signature().inputs());
                case "output" -> requireTrue(name, value, manifest.signature().outputs());
                default -> require(name, value, Set.of(manifest.model()));
            }
        });
    }

    private static void requireTrue(String side, Object value, List<TensorSpec> tensors) {
        if (!(value instanceof List<?> list)) {
            throw InputCheck.plain("parameter 'config': " + Quoted.of(side) + " must be a list");
        }
        for (Object element : list) {
            Map<?, ?> given = object(side, element);
            TensorSpec tensor = tensors.stream()
                    .filter(spec -> spec.name().equals(given.get("name")))
                    .findFirst()
                    .orElseThrow(() -> fixed(side, element));
            given.forEach((key, member) -> {
                String name = side + " '" + tensor.name() + "'." + key;
                switch (String.valueOf(key)) {
                    case "name" -> {}
                    case "data_type" ->
                        require(
                                name,
                                member,
                                Set.of(ModelConfigs.type(tensor.dataType()).name()));
                    case "dims" -> requireDims(name, member, tensor.shape().sizes());
                    case "optional" -> require(name, member, Set.of(tensor.optional()));
                    case "format" -> require(name, member, Set.of("FORMAT_NONE"));
                    default -> require(name, member, Set.of());
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
            throw fixed(name, value);
        }
    }

    private static @Nullable Duration delay(Map<?, ?> batching) {
        Duration delay = null;
        for (Map.Entry<?, ?> member : batching.entrySet()) {
            String name = "dynamic_batching." + member.getKey();
            if (member.getKey().equals("max_queue_delay_microseconds")) {
                delay = Duration.ofNanos(1000L * number(name, member.getValue(), MOST_MICROS));
            } else {
                require(name, member.getValue(), Set.of());
            }
        }
        return delay;
    }

    private static @Nullable Integer instances(@Nullable Object groups) {
        if (!(groups instanceof List<?> list)) {
            throw InputCheck.plain("parameter 'config': 'instance_group' must be a list");
        }
        int instances = 0;
        for (Object group : list) {
            for (Map.Entry<?, ?> member : object("instance_group", group).entrySet()) {
                String name = "instance_group." + member.getKey();
                switch (String.valueOf(member.getKey())) {
                    case "count" -> instances += number(name, member.getValue(), MOST_INSTANCES - instances);
                    case "kind" -> require(name, member.getValue(), CPU);
                    case "name" -> {}
                    default -> require(name, member.getValue(), Set.of());
                }
            }
        }
        return instances == 0 ? null : instances;
    }

    private static Map<?, ?> object(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members;
        }
        throw InputCheck.plain("parameter 'config': " + Quoted.of(name) + " must be an object");
    }

    private static int number(String name, @Nullable Object value, int most) {
        if (value instanceof Long number && number >= 0 && number <= most) {
            return number.intValue();
        }
        throw InputCheck.plain(
                "parameter 'config': " + Quoted.of(name) + " must be a whole number between 0 and " + most);
    }

    private static void require(String name, @Nullable Object value, Set<?> supported) {
        if (value != null && !empty(value) && !supported.contains(value)) {
            throw fixed(name, value);
        }
    }

    private static FailureException fixed(String name, @Nullable Object value) {
        return new FailureException(new Failure.Unsupported("parameter 'config': " + Quoted.of(name)
                + " cannot be set to " + Quoted.shortened(Json.write(value))
                + ", it follows from the model; max_batch_size,"
                + " dynamic_batching.max_queue_delay_microseconds and instance_group.count can be set"));
    }

    /** Whether a value is what a message holds where nothing was set. */
    private static boolean empty(Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case Long number -> number == 0;
            case Boolean bool -> !bool;
            case Collection<?> elements -> elements.isEmpty();
            case Map<?, ?> members -> members.isEmpty();
            default -> false;
        };
    }

    /** These settings of a version, as far as this says nothing else. */
    Settings over(Manifest manifest, Settings settings) {
        requireTrueOf(manifest);
        Settings.Batching batching = settings.batching();
        return new Settings(
                new Settings.Batching(
                        maxBatchSize == null ? batching.maxSize() : Math.max(1, maxBatchSize),
                        maxDelay == null ? batching.maxDelay() : maxDelay),
                instances == null ? settings.instances() : instances,
                settings.intraOpThreads(),
                settings.optimization(),
                settings.memoryLimit(),
                settings.queueSize(),
                settings.timeout());
    }
}
