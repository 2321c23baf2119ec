package dev.slipway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingTest {

    @ParameterizedTest
    @CsvSource({"512MiB, 128MiB, 128MiB", "2GiB, 512MiB, 256MiB", "64GiB, 4GiB, 256MiB", "1B, 1MiB, 1MiB"})
    void tensorsHaveAQuarterOfTheMemoryUnlessTold(String memory, String tensors, String kept) {
        Serving serving = Serving.DEFAULT.within(DataSize.parse(memory).bytes());
        assertThat(serving.tensorMemory()).isEqualTo(DataSize.parse(tensors));
        assertThat(serving.tensorMemoryKept()).isEqualTo(DataSize.parse(kept));
    }

    @Test
    void whatWasToldHoldsWhateverTheMachineHas() {
        Serving told =
                new Serving(DataSize.ofMebibytes(3), DataSize.ofMebibytes(2), new DataSize(0), true, true, "iris");
        assertThat(told.within(1 << 20)).isEqualTo(told);
    }

    @Test
    void tooLittleForATensorIsRefused() {
        assertThatThrownBy(() -> new Serving(new DataSize(4096), new DataSize(0), new DataSize(0), true, false, null))
                .hasMessage("serving.tensor_memory 4KiB must be at least 1MiB, or 0");
    }
}
