package dev.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models whose functions stand for many nodes. */
class ExpansionTest {

    @Test
    void functionsThatStandForFewNodesAreFine() {
        assertThatCode(() -> Expansion.requireBounded(model(10, 2))).doesNotThrowAnyException();
    }

    @Test
    void functionsThatDoubleThirtyTimesAreRefused() {
        refused(model(30, 2), "stand for more than 1000000 nodes");
    }

    @Test
    void aFunctionThatCallsItselfIsRefused() {
        OnnxFunction itself = new OnnxFunction("own", "f", "", List.of("x"), List.of("y"), List.of(call("f")));
        refused(model(List.of(itself), "f"), "may not call themselves");
    }

    @Test
    void functionsThatGoTooDeepAreRefused() {
        refused(model(2_000, 1), "calls deep");
    }

    private static void refused(OnnxModel model, String why) {
        assertThatThrownBy(() -> Expansion.requireBounded(model))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.BadInput.class))
                .hasMessageContaining(why);
    }

    /** Functions of which each calls the one before so many times. */
    private static OnnxModel model(int functions, int times) {
        List<OnnxFunction> chain = new ArrayList<>();
        for (int i = 0; i < functions; i++) {
            OnnxNode body = i == 0
                    ? new OnnxNode(0, "", "", "Relu", List.of("x"), List.of("y"), List.of())
                    : call("f" + (i - 1));
            chain.add(
                    new OnnxFunction("own", "f" + i, "", List.of("x"), List.of("y"), Collections.nCopies(times, body)));
        }
        return model(chain, "f" + (functions - 1));
    }

    private static OnnxModel model(List<OnnxFunction> functions, String called) {
        OnnxGraph graph =
                new OnnxGraph("g", List.of(call(called)), List.of(), List.of(), List.of(), List.of(), List.of());
        return new OnnxModel(10, "test", Map.of("", 20L, "own", 1L), graph, functions, List.of());
    }

    private static OnnxNode call(String function) {
        return new OnnxNode(0, "", "own", function, List.of("x"), List.of("y"), List.of());
    }
}
