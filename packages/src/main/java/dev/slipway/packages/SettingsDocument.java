package dev.slipway.packages;

import dev.slipway.core.DataSize;
import dev.slipway.core.Durations;
import dev.slipway.core.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Settings under their keys. */
final class SettingsDocument {

    private static final List<String> KEYS = List.of(
            "batching", "queue", "instances", "intra_op_threads", "optimization", "memory_limit", "timeout", "cache");
    private static final List<String> BATCHING_KEYS = List.of("max_size", "max_delay", "preferred_sizes");
    private static final List<String> OPTIMIZATIONS = Arrays.stream(Settings.Optimization.values())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .toList();

    private SettingsDocument() {}

    static Map<String, Object> write(Settings settings) {
        Map<String, Object> batching = new LinkedHashMap<>();
        batching.put("max_size", settings.batching().maxSize());
        batching.put("max_delay", Durations.write(settings.batching().maxDelay()));
        if (!settings.batching().preferredSizes().isEmpty()) {
            batching.put("preferred_sizes", settings.batching().preferredSizes());
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("batching", batching);
        document.put("queue", QueueDocument.write(settings.queue()));
        document.put("instances", auto(settings.instances()));
        document.put("intra_op_threads", auto(settings.intraOpThreads()));
        document.put("optimization", settings.optimization().name().toLowerCase(Locale.ROOT));
        document.put("memory_limit", settings.memoryLimit().toString());
        document.put("timeout", Durations.write(settings.timeout()));
        document.put("cache", settings.cache());
        return document;
    }

    private static Object auto(int number) {
        return number == 0 ? "auto" : (Object) number;
    }

    /** Reads what is given over {@code base}; type faults are gathered, values out of range fail at once. */
    static Settings read(Fields fields, Settings base) {
        fields.only(KEYS);
        Fields batching = fields.below("batching", BATCHING_KEYS);
        Duration maxDelay = batching.duration("max_delay");
        Duration timeout = fields.duration("timeout");
        DataSize memoryLimit = fields.size("memory_limit");
        Boolean cache = fields.flag("cache");
        return new Settings(
                new Settings.Batching(
                        batching.whole("max_size", base.batching().maxSize()),
                        maxDelay == null ? base.batching().maxDelay() : maxDelay,
                        batching.has("preferred_sizes")
                                ? batching.wholes("preferred_sizes")
                                : base.batching().preferredSizes()),
                QueueDocument.read(fields.sectionAt("queue"), base.queue()),
                fields.wholeOrAuto("instances", base.instances()),
                fields.wholeOrAuto("intra_op_threads", base.intraOpThreads()),
                fields.oneOf("optimization", OPTIMIZATIONS)
                        .map(name -> Settings.Optimization.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(base.optimization()),
                memoryLimit == null ? base.memoryLimit() : memoryLimit,
                timeout == null ? base.timeout() : timeout,
                cache == null ? base.cache() : cache);
    }
}
