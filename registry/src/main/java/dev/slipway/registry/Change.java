package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import dev.slipway.core.ModelName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of one model, applied whole or not at all.
 *
 * @param expectedRevision the revision that the change was decided on; null: whatever is there
 * @param action what happened, in one word: {@code deploy}, {@code promote}, {@code rollback}, {@code alias},
 *     {@code settings}, {@code load}, {@code unload}, {@code remove}
 * @param add a version to add; null: none
 * @param endpoint the new endpoint; null: as before
 * @param aliases aliases to set; a null value removes one
 * @param settings new settings revisions, as JSON, by version
 * @param served which versions to mark as wanted in memory or not
 * @param remove versions to remove
 * @param removeModel whether the whole model goes
 */
public record Change(
        ModelName model,
        @Nullable Long expectedRevision,
        String actor,
        String action,
        String reason,
        @Nullable VersionRecord add,
        @Nullable Endpoint endpoint,
        Map<String, @Nullable Long> aliases,
        Map<Long, String> settings,
        Map<Long, Boolean> served,
        Set<Long> remove,
        boolean removeModel) {

    public static Change of(ModelName model, String actor, String action, String reason) {
        return new Change(
                model, null, actor, action, reason, null, null, Map.of(), Map.of(), Map.of(), Set.of(), false);
    }

    public Change expecting(long revision) {
        return with(revision, add, endpoint, aliases, settings, served, remove, removeModel);
    }

    public Change adding(VersionRecord version) {
        return with(expectedRevision, version, endpoint, aliases, settings, served, remove, removeModel);
    }

    public Change endpoint(Endpoint next) {
        return with(expectedRevision, add, next, aliases, settings, served, remove, removeModel);
    }

    public Change alias(String alias, @Nullable Long version) {
        Map<String, @Nullable Long> next = new HashMap<>(aliases);
        next.put(alias, version);
        return with(expectedRevision, add, endpoint, next, settings, served, remove, removeModel);
    }

    public Change settings(long version, String json) {
        Map<Long, String> next = new HashMap<>(settings);
        next.put(version, json);
        return with(expectedRevision, add, endpoint, aliases, next, served, remove, removeModel);
    }

    public Change served(long version, boolean wanted) {
        Map<Long, Boolean> next = new HashMap<>(served);
        next.put(version, wanted);
        return with(expectedRevision, add, endpoint, aliases, settings, next, remove, removeModel);
    }

    public Change removing(Set<Long> versions) {
        return with(expectedRevision, add, endpoint, aliases, settings, served, versions, removeModel);
    }

    public Change removingModel() {
        return with(expectedRevision, add, endpoint, aliases, settings, served, remove, true);
    }

    private Change with(
            @Nullable Long expectedRevision,
            @Nullable VersionRecord add,
            @Nullable Endpoint endpoint,
            Map<String, @Nullable Long> aliases,
            Map<Long, String> settings,
            Map<Long, Boolean> served,
            Set<Long> remove,
            boolean removeModel) {
        return new Change(
                model,
                expectedRevision,
                actor,
                action,
                reason,
                add,
                endpoint,
                aliases,
                settings,
                served,
                remove,
                removeModel);
    }
}
