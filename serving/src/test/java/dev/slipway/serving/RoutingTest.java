package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.MODEL;
import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Endpoint;
import dev.slipway.core.Endpoint.Target;
import dev.slipway.core.Failure;
import dev.slipway.core.ModelName;
import dev.slipway.core.ModelRef;
import dev.slipway.testing.FakeModel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutingTest extends ServingTest {

    private LoadedVersion one;
    private LoadedVersion two;

    private void publish(boolean sticky, Target... targets) {
        if (one == null) {
            one = serving.load(FakeModel.DOUBLE, 1);
            two = serving.load(FakeModel.DOUBLE, 2);
        }
        serving.publish(new Endpoint(List.of(targets), null, sticky), Map.of("canary", 2L, "gone", 9L), one, two);
    }

    private long answering(ModelRef ref) {
        return version(serving.server.infer(ServingFixture.request(ref, serving.rows(1))));
    }

    private long answering(String key) {
        return version(serving.server.infer(
                ServingFixture.request(ModelRef.of(MODEL), null, key, new Cancellation(), serving.rows(1))));
    }

    @Test
    void weightsChooseByChance() {
        publish(false, new Target(1, 3), new Target(2, 1));
        serving.chances.addAll(List.of(0.0, 0.74, 0.75, 0.999));
        ModelRef ref = ModelRef.of(MODEL);
        assertThat(List.of(answering(ref), answering(ref), answering(ref), answering(ref)))
                .containsExactly(1L, 1L, 2L, 2L);
    }

    @Test
    void aRequestMayNameAVersionOrAnAlias() {
        publish(false, new Target(1, 1));
        assertThat(answering(ModelRef.of(MODEL))).isEqualTo(1);
        assertThat(answering(ModelRef.of(MODEL, 2))).isEqualTo(2);
        assertThat(answering(ModelRef.parse("m@canary"))).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsNamed() {
        publish(false, new Target(9, 1));
        assertThat(refusal(ModelRef.of(ModelName.of("other"))))
                .isEqualTo(new Failure.ModelNotFound("there is no model 'other'"));
        assertThat(refusal(ModelRef.of(MODEL, 3))).isEqualTo(new Failure.VersionNotFound("there is no 'm/3'"));
        assertThat(refusal(ModelRef.parse("m@beta"))).isEqualTo(new Failure.VersionNotFound("there is no 'm@beta'"));
        assertThat(refusal(ModelRef.parse("m@gone")))
                .isEqualTo(new Failure.NotReady("'m@gone' means version 9 of model 'm', which is not loaded"));
        assertThat(refusal(ModelRef.of(MODEL)))
                .isEqualTo(new Failure.NotReady("'m' means version 9 of model 'm', which is not loaded"));
        publish(false);
        assertThat(refusal(ModelRef.of(MODEL))).isEqualTo(new Failure.NotReady("model 'm' has no version that serves"));
        assertThatThrownBy(() -> serving.server.version(ModelRef.of(MODEL, 3))).hasMessage("there is no 'm/3'");
    }

    private Failure refusal(ModelRef ref) {
        return failure(serving.server.infer(ServingFixture.request(ref, serving.rows(1))));
    }

    @Test
    void aStickyKeyStaysWhereItIs() {
        publish(true, new Target(1, 1), new Target(2, 1));
        long first = answering("user-7");
        assertThat(answering("user-7")).isEqualTo(first);
        serving.chances.add(0.9);
        assertThat(answering(ModelRef.of(MODEL))).as("without a key by chance").isEqualTo(2);
    }

    @Test
    void keysSpreadAsWeightsSayAndOnlyMoveToTheTargetThatGrows() {
        Set<String> before = new HashSet<>();
        for (int weight : new int[] {5, 25, 50, 95}) {
            Set<String> now = new HashSet<>();
            for (int i = 0; i < 10_000; i++) {
                List<Target> targets = List.of(new Target(1, 100 - weight), new Target(2, weight));
                if (Stickiness.choose(MODEL, targets, "user-" + i) == 2) {
                    now.add("user-" + i);
                }
            }
            assertThat(now)
                    .hasSizeBetween(weight * 100 - 200, weight * 100 + 200)
                    .containsAll(before);
            before = now;
        }
    }

    @Test
    void modelsDoNotStickAlike() {
        List<Target> targets = List.of(new Target(1, 1), new Target(2, 1));
        int same = 0;
        for (int i = 0; i < 1000; i++) {
            long here = Stickiness.choose(MODEL, targets, "user-" + i);
            same += here == Stickiness.choose(ModelName.of("other"), targets, "user-" + i) ? 1 : 0;
        }
        assertThat(same).isBetween(400, 600);
    }

    @Test
    void whatIsPublishedIsListedByName() {
        publish(false, new Target(1, 1));
        ModelName earlier = ModelName.of("a");
        serving.publish(serving.load(earlier, FakeModel.SUM, 1, ServingFixture.settings(1, 1), null));
        assertThat(serving.server.published()).extracting(Published::model).containsExactly(earlier, MODEL);
        serving.server.withdraw(MODEL);
        assertThat(serving.server.published()).extracting(Published::model).containsExactly(earlier);
    }
}
