package dev.slipway.deployment;

import dev.slipway.core.Endpoint;
import dev.slipway.registry.Change;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.VersionRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What follows from a change: pure functions of what was recorded before it. */
final class Succession {

    private Succession() {}

    /** The record as it will be when {@code change} is applied, so that nothing needs to be read after the commit. */
    static ModelRecord after(ModelRecord before, Change change) {
        List<VersionRecord> versions = new ArrayList<>();
        before.versions().stream()
                .filter(version -> !change.remove().contains(version.number()))
                .map(version -> revised(version, change))
                .forEach(versions::add);
        VersionRecord added = change.add();
        if (added != null) {
            versions.add(revised(added, change));
            versions.sort(Comparator.comparingLong(VersionRecord::number));
        }
        Endpoint endpoint = change.endpoint();
        return new ModelRecord(
                before.name(),
                before.revision() + 1,
                endpoint == null ? before.endpoint() : endpoint,
                versions,
                aliases(before, change));
    }

    private static VersionRecord revised(VersionRecord version, Change change) {
        String settings = change.settings().get(version.number());
        Boolean served = change.served().get(version.number());
        return new VersionRecord(
                version.number(),
                version.digest(),
                version.manifest(),
                version.files(),
                version.size(),
                version.created(),
                settings == null ? version.settingsRevision() : version.settingsRevision() + 1,
                settings == null ? version.settings() : settings,
                served == null ? version.served() : served);
    }

    private static Map<String, Long> aliases(ModelRecord before, Change change) {
        Map<String, Long> aliases = new HashMap<>(before.aliases());
        change.aliases().forEach((alias, version) -> {
            if (version == null) {
                aliases.remove(alias);
            } else {
                aliases.put(alias, version);
            }
        });
        return aliases;
    }

    /** The versions that the endpoint or an alias names. */
    static Set<Long> named(ModelRecord record) {
        Set<Long> named = new HashSet<>(record.endpoint().versions());
        named.addAll(record.aliases().values());
        return named;
    }

    /**
     * {@code change}, with {@code wanted} wanted in memory and what it names no longer let go. A version in memory that
     * neither endpoint nor alias named was loaded by request, and stays.
     */
    static Change serving(ModelRecord before, Change change, Set<Long> wanted) {
        Set<Long> released = named(before);
        released.removeAll(named(after(before, change)));
        released.removeAll(wanted);
        Change result = change;
        for (long version : released) {
            if (!change.remove().contains(version)) {
                result = result.served(version, false);
            }
        }
        for (long version : wanted) {
            result = result.served(version, true);
        }
        return result;
    }

    /** The names of versions, {@code stable} among them where the endpoint has a single target. */
    static Map<String, Long> published(ModelRecord record) {
        Map<String, Long> aliases = new HashMap<>(record.aliases());
        record.endpoint().stable().ifPresent(stable -> aliases.put("stable", stable));
        return aliases;
    }
}
