package dev.slipway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.DataSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingTest {

    @ParameterizedTest
    @CsvSource({
        "500MiB, 125MiB, 125MiB, 225MiB",
        "2000MiB, 500MiB, 256MiB, 900MiB",
        "64GiB, 4GiB, 256MiB, 42520176225B",
        "1B, 1MiB, 1MiB, 64MiB"
    })
    void tensorsHaveAQuarterOfTheMemoryAndModelsMostOfTheRestUnlessTold(
            String memory, String tensors, String kept, String models) {
        long bytes = DataSize.parse(memory).bytes();
        Serving serving = Serving.DEFAULT.within(bytes, bytes / 4);
        assertThat(serving.modelMemory()).isEqualTo(DataSize.parse(models));
        assertThat(serving.tensorMemory()).isEqualTo(DataSize.parse(tensors));
        assertThat(serving.tensorMemoryKept()).isEqualTo(DataSize.parse(kept));
    }

    @Test
    void whatWasToldHoldsWhateverTheMachineHas() {
        Serving told = new Serving(
                DataSize.ofMebibytes(3),
                DataSize.ofMebibytes(2),
                DataSize.ofMebibytes(4),
                new DataSize(1),
                true,
                true,
                "iris");
        assertThat(told.within(1 << 20, 1 << 18)).isEqualTo(told);
    }

    @Test
    void tooLittleForATensorIsRefused() {
        assertThatThrownBy(() -> new Serving(
                        new DataSize(4096), new DataSize(0), new DataSize(0), new DataSize(0), true, false, null))
                .hasMessage("serving.tensor_memory 4KiB must be at least 1MiB, or 0");
    }
}
