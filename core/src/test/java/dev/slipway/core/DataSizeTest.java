package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSizeTest {

    @ParameterizedTest
    @CsvSource({"4096,4096", "10kB,10000", "10 KB,10000", "64MiB,67108864", "2GB,2000000000", "3GiB,3221225472"})
    void isANumberWithAUnit(String text, long bytes) {
        assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
        assertThat(DataSize.parse(DataSize.parse(text).toString()).bytes()).isEqualTo(bytes);
    }

    @Test
    void aSizeBeyondAnyMemoryIsRefusedLikeAnyOtherNonsense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSize.parse("999999999999999GiB"))
                .withMessageContaining("'999999999999999GiB' must be below 8 EiB");
        assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse("64 apples"));
    }
}
