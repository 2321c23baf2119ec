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
            "batching", "instances", "intra_op_threads", "optimization", "memory_limit", "queue_size", "timeout");
    private static final List<String> BATCHING_KEYS = List.of("max_size", "max_delay");
    private static final List<String> OPTIMIZATIONS = Arrays.stream(Settings.Optimization.values())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .toList();

    private SettingsDocument() {}

    static Map<String, Object> write(Settings settings) {
        Map<String, Object> batching = new LinkedHashMap<>();
        batching.put("max_size", settings.batching().maxSize());
        batching.put("max_delay", Durations.write(settings.batching().maxDelay()));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("batching", batching);
        document.put("instances", auto(settings.instances()));
        document.put("intra_op_threads", auto(settings.intraOpThreads()));
        document.put("optimization", settings.optimization().name().toLowerCase(Locale.ROOT));
        document.put("memory_limit", settings.memoryLimit().toString());
        document.put("queue_size", settings.queueSize());
        document.put("timeout", Durations.write(settings.timeout()));
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
        return new Settings(
                new Settings.Batching(
                        batching.whole("max_size", base.batching().maxSize()),
                        maxDelay == null ? base.batching().maxDelay() : maxDelay),
                fields.wholeOrAuto("instances", base.instances()),
                fields.wholeOrAuto("intra_op_threads", base.intraOpThreads()),
                optimization(fields, base.optimization()),
                memoryLimit == null ? base.memoryLimit() : memoryLimit,
                fields.whole("queue_size", base.queueSize()),
                timeout == null ? base.timeout() : timeout);
    }

    private static Settings.Optimization optimization(Fields fields, Settings.Optimization otherwise) {
        String text = fields.text("optimization");
        if (text == null) {
            return otherwise;
        }
        int index = OPTIMIZATIONS.indexOf(text);
        if (index < 0) {
            fields.unknown("optimization", "level", text, OPTIMIZATIONS);
            return otherwise;
        }
        return Settings.Optimization.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
