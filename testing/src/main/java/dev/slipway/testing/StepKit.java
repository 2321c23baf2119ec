package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StepSpec;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.spi.Step;
import dev.slipway.core.spi.Step.Flow;
import dev.slipway.core.spi.StepProvider;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every {@link StepProvider} and each of its steps must do. */
public abstract class StepKit {

    /** A step as a manifest names it, and an input that it takes; the input's memory is not pooled. */
    public record Example(StepSpec spec, Tensor input) {
        @Override
        public String toString() {
            return spec.name() + spec.arguments() + " of " + input;
        }
    }

    @RegisterExtension
    protected final CountingPool pool = new CountingPool();

    protected abstract StepProvider provider();

    /** At least one example of each step that the provider makes. */
    protected abstract List<Example> examples();

    private interface Claim {
        void holds(Example example, Step step);
    }

    private List<DynamicTest> each(Claim claim) {
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.toString(),
                        () -> claim.holds(example, provider().create(example.spec()))))
                .toList();
    }

    private static Flow flow(Tensor tensor) {
        return new Flow(tensor.dataType(), DeclaredShape.of(tensor.shape().toArray()));
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.wire().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void theServiceLoaderFindsIt() {
        assertThat(ServiceLoader.load(StepProvider.class).stream().map(ServiceLoader.Provider::type))
                .anyMatch(type -> type.equals(provider().getClass()));
    }

    @Test
    void everyStepHasAnExample() {
        Set<String> shown =
                examples().stream().map(example -> example.spec().name()).collect(Collectors.toSet());
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(new HashSet<>(provider().names()));
    }

    @Test
    void aStepThatItDoesNotKnowIsRefusedByName() {
        assertBadInput("no-such-step", () -> provider().create(new StepSpec("no-such-step", Map.of())));
    }

    @TestFactory
    List<DynamicTest> anArgumentThatItDoesNotKnowIsRefusedByName() {
        return each((example, _) -> {
            Map<String, Object> arguments = new HashMap<>(example.spec().arguments());
            arguments.put("no_such_argument", 1);
            assertBadInput(
                    "no_such_argument",
                    () -> provider().create(new StepSpec(example.spec().name(), arguments)));
        });
    }

    @TestFactory
    List<DynamicTest> whatComesOutIsWhatWasSaid() {
        return each((example, step) -> {
            Flow said = step.check(flow(example.input()));
            apply(step, example, output -> {
                assertThat(output.dataType()).isEqualTo(said.dataType());
                assertThat(said.shape().fits(output.shape()))
                        .as("%s fits %s", output.shape(), said.shape())
                        .isTrue();
            });
        });
    }

    @TestFactory
    List<DynamicTest> anInputOfUnknownRankIsTakenOrRefusedButNoDefect() {
        return each((example, step) -> {
            Flow unknown = new Flow(example.input().dataType(), DeclaredShape.ANY);
            try {
                assertThat(step.check(unknown).dataType()).isNotNull();
            } catch (FailureException e) {
                assertThat(e.failure()).isInstanceOf(Failure.BadInput.class);
            }
        });
    }

    @TestFactory
    List<DynamicTest> theInputStaysAsItWasAndTheStepKeepsNoState() {
        return each((example, step) -> {
            byte[] before = bytes(example.input());
            List<byte[]> outputs = new ArrayList<>();
            apply(step, example, output -> outputs.add(bytes(output)));
            apply(step, example, output -> outputs.add(bytes(output)));
            assertThat(bytes(example.input())).isEqualTo(before);
            assertThat(outputs.get(1)).isEqualTo(outputs.get(0));
        });
    }

    private void apply(Step step, Example example, Consumer<Tensor> look) {
        try (TensorLease input = pool.adopt(example.input(), () -> {});
                TensorLease output = step.apply(input, pool)) {
            look.accept(output.tensor());
        }
        assertThat(pool.leases()).isZero();
    }

    /** Asserts that a call is refused as {@code BadInput}, with a message that contains {@code part}. */
    protected static void assertBadInput(String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.BadInput.class))
                .hasMessageContaining(part);
    }
}
