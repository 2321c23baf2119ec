package dev.slipway.deployment;

import dev.slipway.core.Endpoint;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.registry.ModelRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a rollback leads: the last version that was stable before and was not itself rolled back. */
final class RollbackTarget {

    private RollbackTarget() {}

    /**
     * Replays a history.
     *
     * @param history newest first, as the registry gives it
     */
    static Optional<Long> of(ModelRecord record, List<HistoryEntry> history) {
        Deque<Long> stables = new ArrayDeque<>();
        Set<Long> rolledBack = new HashSet<>();
        Endpoint before = Endpoint.NONE;
        for (HistoryEntry entry : history.reversed()) {
            Endpoint after = entry.endpoint();
            Long stable = after.stable().orElse(null);
            if (!after.equals(before) && stable != null) {
                if (entry.action().equals("rollback")) {
                    for (Endpoint.Target target : before.targets()) {
                        rolledBack.add(target.version());
                    }
                }
                rolledBack.remove(stable);
                stables.remove(stable);
                stables.push(stable);
            }
            before = after;
        }
        Long now = record.endpoint().stable().orElse(null);
        return stables.stream()
                .filter(version -> !version.equals(now))
                .filter(version -> !rolledBack.contains(version))
                .filter(version -> record.version(version).isPresent())
                .findFirst();
    }
}
