package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionInputTest {

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    @TempDir
    private Path directory;

    private PredictionInput read(String input, String... values) throws IOException {
        Environment environment = new Program(directory).input(input).environment(System.out, System.err);
        return PredictionInput.of(List.of(values), environment, Optional::empty);
    }

    private static String text(PredictionInput input) {
        return new String(input.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void numbersAreOneRowDigitForDigit() throws IOException {
        PredictionInput input = read("", "5.10", "-3", "1e-3", "9007199254740993");
        assertThat(text(input)).isEqualTo("[5.10,-3,0.001,9007199254740993]");
        assertThat(input.contentType()).isEqualTo("application/json");
    }

    @Test
    void wordsAmongNumbersStayWords() throws IOException {
        assertThat(text(read("", "red", "2", "007"))).isEqualTo("[\"red\",2,\"007\"]");
    }

    @Test
    void pairsAreAnObject() throws IOException {
        assertThat(text(read("", "size=5.1", "colour=red", "note=a=b")))
                .isEqualTo("{\"size\":5.1,\"colour\":\"red\",\"note\":\"a=b\"}");
    }

    @Test
    void aPairGivenTwiceIsRefused() {
        assertThatThrownBy(() -> read("", "size=1", "size=2")).hasMessage("'size' is given twice");
    }

    @Test
    void standardInputIsSentAsItIs() throws IOException {
        assertThat(text(read(" [[1,2]]", "-"))).isEqualTo(" [[1,2]]");
        assertThat(read(" [[1,2]]").contentType()).isEqualTo("application/json");
        assertThat(read("a,b\n1,2\n").contentType()).isEqualTo("text/csv");
    }

    @Test
    void aFileIsKnownByItsFirstBytes() throws IOException {
        Files.write(directory.resolve("picture.dat"), PNG);
        Files.writeString(directory.resolve("rows.csv"), "[a],b\n");
        assertThat(read("", "picture.dat").contentType()).isEqualTo("image/png");
        assertThat(read("", "picture.dat").bytes()).isEqualTo(PNG);
        assertThat(read("", "rows.csv").contentType()).isEqualTo("text/csv");
    }

    @Test
    void severalImagesAreAList() throws IOException {
        Files.write(directory.resolve("a.png"), PNG);
        Files.write(directory.resolve("b.png"), PNG);
        assertThat(text(read("", "a.png", "b.png"))).isEqualTo("{\"images\":[\"iVBORw0KGgo=\",\"iVBORw0KGgo=\"]}");
    }

    @Test
    void severalFilesThatAreNoImagesAreRefused() throws IOException {
        Files.writeString(directory.resolve("a.csv"), "a\n1\n");
        Files.writeString(directory.resolve("b.csv"), "a\n1\n");
        assertThatThrownBy(() -> read("", "a.csv", "b.csv")).hasMessageContaining("only when all are images");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> read("", "photo.png")).hasMessageContaining("there is no file 'photo.png'");
    }

    @Test
    void jsonMayStandOnTheCommandLine() throws IOException {
        assertThat(text(read("", "{\"x\": 1}"))).isEqualTo("{\"x\": 1}");
    }
}
