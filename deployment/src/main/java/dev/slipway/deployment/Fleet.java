package dev.slipway.deployment;

import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.VersionRecord;
import dev.slipway.serving.LoadedVersion;
import dev.slipway.serving.ModelServer;
import dev.slipway.serving.Published;
import dev.slipway.serving.VersionState;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this server observes of each version, apart from what is desired. Changes of one model come one after another;
 * anybody may look meanwhile.
 */
final class Fleet {

    private final ModelServer server;
    private final Forms forms;
    private final Map<ModelName, SortedMap<Long, LoadedVersion>> memory = new ConcurrentHashMap<>();
    private final Map<ModelName, Map<Long, Observation>> observed = new ConcurrentHashMap<>();

    Fleet(ModelServer server, Forms forms) {
        this.server = server;
        this.forms = forms;
    }

    /** How a version that is not published stands; a version that left says itself how far it is. */
    private sealed interface Observation {

        enum Loading implements Observation {
            LOADING
        }

        record Failed(Failure why) implements Observation {}

        record Left(LoadedVersion loaded) implements Observation {}
    }

    /** Whether a version can answer, now or when it has come into memory for it. */
    boolean ready(ModelName model, long version) {
        LoadedVersion loaded = memory(model).get(version);
        return loaded != null && loaded.ready();
    }

    /** A version's state and, where it failed, why. */
    record Standing(
            VersionState state,
            @Nullable Failure failure,
            @Nullable LoadedVersion loaded) {}

    /** The versions of a model that requests may be sent to. */
    SortedMap<Long, LoadedVersion> memory(ModelName model) {
        return Collections.unmodifiableSortedMap(memory.getOrDefault(model, new TreeMap<>()));
    }

    void loading(ModelName model, long version) {
        observations(model).put(version, Observation.Loading.LOADING);
    }

    void failed(ModelName model, long version, Failure why) {
        observations(model).put(version, new Observation.Failed(why));
    }

    /** Takes back that a version is loading. */
    void notLoading(ModelName model, long version) {
        observations(model).remove(version, Observation.Loading.LOADING);
    }

    private Map<Long, Observation> observations(ModelName model) {
        return observed.computeIfAbsent(model, _ -> new ConcurrentHashMap<>());
    }

    /** Sends a model's requests where the record says, to these versions; the others drain and unload. */
    void publish(ModelRecord record, SortedMap<Long, LoadedVersion> versions) {
        ModelName model = record.name();
        SortedMap<Long, LoadedVersion> before = memory(model);
        SortedMap<Long, LoadedVersion> now = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
        server.publish(new Published(
                model, record.endpoint(), now, Succession.published(record), absent(record, now.keySet())));
        memory.put(model, now);
        Map<Long, Observation> observations = observations(model);
        now.keySet().forEach(observations::remove);
        before.forEach((number, loaded) -> {
            if (!loaded.equals(now.get(number))) {
                forms.forget(loaded);
            }
            if (!now.containsKey(number)) {
                observations.put(number, new Observation.Left(loaded));
            }
        });
        observations.keySet().removeIf(number -> record.version(number).isEmpty());
    }

    private static Set<Long> absent(ModelRecord record, Set<Long> present) {
        return record.versions().stream()
                .map(VersionRecord::number)
                .filter(number -> !present.contains(number))
                .collect(Collectors.toUnmodifiableSet());
    }

    void withdraw(ModelName model) {
        server.withdraw(model);
        SortedMap<Long, LoadedVersion> left = memory.remove(model);
        observed.remove(model);
        if (left != null) {
            left.values().forEach(forms::forget);
        }
    }

    /** The models of which a version has failed, whether it should serve or not. */
    Set<ModelName> troubled() {
        Set<ModelName> models = new HashSet<>();
        observed.forEach((model, versions) -> {
            if (versions.values().stream().anyMatch(Observation.Failed.class::isInstance)) {
                models.add(model);
            }
        });
        memory.forEach((model, versions) -> {
            if (versions.values().stream().anyMatch(version -> version.state() == VersionState.FAILED)) {
                models.add(model);
            }
        });
        return models;
    }

    Standing standing(ModelName model, VersionRecord version) {
        LoadedVersion loaded = memory(model).get(version.number());
        if (loaded != null) {
            return new Standing(loaded.state(), loaded.failure(), loaded);
        }
        return switch (observed.getOrDefault(model, Map.of()).get(version.number())) {
            case Observation.Loading.LOADING -> new Standing(VersionState.LOADING, null, null);
            case Observation.Failed(Failure why) -> new Standing(VersionState.FAILED, why, null);
            case Observation.Left(LoadedVersion left) -> new Standing(left.state(), null, null);
            case null -> new Standing(version.served() ? VersionState.UNLOADED : VersionState.REGISTERED, null, null);
        };
    }
}
