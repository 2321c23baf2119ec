package dev.slipway.steps.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FileBytesTest {

    @Test
    void isReadAsAnyStream() throws IOException {
        try (FileBytes file = new FileBytes(new byte[] {1, -2, 3, 4, 5})) {
            assertThat(file.length()).isEqualTo(5);
            assertThat(file.readByte()).isEqualTo((byte) 1);
            assertThat(file.read()).isEqualTo(254);
            byte[] rest = new byte[4];
            assertThat(file.read(rest, 1, 3)).isEqualTo(3);
            assertThat(rest).containsExactly(0, 3, 4, 5);
            assertThat(file.read()).isEqualTo(-1);
            assertThat(file.read(rest, 0, 1)).isEqualTo(-1);
            file.seek(1);
            assertThat(file.readByte()).isEqualTo((byte) -2);
        }
    }

    /** A decoder that asks for a byte beyond the end with every symbol pays for an object each time and no more. */
    @Test
    void theEndIsToldWithoutAStackTrace() throws IOException {
        try (FileBytes file = new FileBytes(new byte[0])) {
            assertThat(catchThrowableOfType(EOFException.class, file::readByte).getStackTrace())
                    .isEmpty();
        }
    }
}
