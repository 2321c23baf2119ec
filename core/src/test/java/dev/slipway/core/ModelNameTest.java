package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "0", "iris", "iris-2.0_b", "9..--__"})
    void aNameBeginsWithALetterOrDigitAndGoesOnWithDotsAndDashesToo(String name) {
        assertThat(ModelName.of(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "-a", "_a", "a b", "a/b", "a@b", "ä", "aä", "a\n", "１"})
    void anythingElseIsRefusedWithTheFormItMustHave(String name) {
        assertThatThrownBy(() -> ModelName.of(name))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("model name '" + name + "' must match [A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    }

    @Test
    void aNameHasAtMost128Characters() {
        assertThat(ModelName.of("a".repeat(128)).name()).hasSize(128);
        assertThatThrownBy(() -> ModelName.of("a".repeat(129))).isInstanceOf(FailureException.class);
    }

    @Test
    void theProjectFollowsTheSameRule() {
        assertThatThrownBy(() -> new ModelName("a b", "iris")).hasMessageContaining("project name 'a b'");
    }
}
