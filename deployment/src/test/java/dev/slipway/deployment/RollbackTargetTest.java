package dev.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Endpoint.Target;
import dev.slipway.core.ModelName;
import dev.slipway.registry.HistoryEntry;
import dev.slipway.registry.ModelRecord;
import dev.slipway.registry.VersionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a rollback leads after what happened before. */
class RollbackTargetTest {

    private final List<HistoryEntry> history = new ArrayList<>();
    private Endpoint now = Endpoint.NONE;

    private RollbackTargetTest then(String action, Endpoint endpoint) {
        now = endpoint;
        history.addFirst(new HistoryEntry(
                history.size() + 1, Instant.EPOCH, "tester", action, null, null, endpoint, "", 1, "", "", ""));
        return this;
    }

    private RollbackTargetTest deploy(long version) {
        return then("deploy", Endpoint.of(version));
    }

    private RollbackTargetTest rollback(long version) {
        return then("rollback", Endpoint.of(version));
    }

    private Long target(long... versions) {
        List<VersionRecord> records = new ArrayList<>();
        for (long version : versions) {
            records.add(new VersionRecord(version, "", "", List.of(), 0, Instant.EPOCH, 1, "", true));
        }
        ModelRecord record = new ModelRecord(ModelName.of("m"), 1, now, records, Map.of());
        return RollbackTarget.of(record, history).orElse(null);
    }

    @Test
    void aFirstVersionHasNothingBeforeIt() {
        assertThat(deploy(1).target(1)).isNull();
    }

    @Test
    void theOneBefore() {
        assertThat(deploy(1).deploy(2).target(1, 2)).isEqualTo(1);
    }

    @Test
    void eachRollbackGoesFurtherBack() {
        deploy(1).deploy(2).deploy(3).rollback(2);

        assertThat(target(1, 2, 3)).isEqualTo(1);
        rollback(1);
        assertThat(target(1, 2, 3)).isNull();
    }

    @Test
    void whatWasRolledBackCountsAgainOnceItIsPromoted() {
        deploy(1).deploy(2).rollback(1).then("promote", Endpoint.of(2)).deploy(3);

        assertThat(target(1, 2, 3)).isEqualTo(2);
    }

    @Test
    void aRemovedVersionIsPassedOver() {
        deploy(1).deploy(2).deploy(3);

        assertThat(target(1, 3)).isEqualTo(1);
    }

    @Test
    void fromASplitBackToWhatWasWhole() {
        Endpoint split = new Endpoint(List.of(new Target(1, 9), new Target(2, 1)), null, false);
        deploy(1).then("promote", split);

        assertThat(target(1, 2)).isEqualTo(1);
        rollback(1).deploy(3);
        assertThat(target(1, 2, 3)).isEqualTo(1);
    }

    @Test
    void changesThatMoveNothingDoNotCount() {
        deploy(1).deploy(2).then("settings", Endpoint.of(2)).then("alias", Endpoint.of(2));

        assertThat(target(1, 2)).isEqualTo(1);
    }
}
