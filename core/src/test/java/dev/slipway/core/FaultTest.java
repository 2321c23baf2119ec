package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {

    @Test
    void aPlaceIsWrittenAsPeopleWriteIt() {
        assertThat(at("body", "rows", 3L, "width")).isEqualTo("rows[3].width: required, got nothing");
        assertThat(at("body", "line 2")).isEqualTo("line 2: required, got nothing");
        assertThat(at("body", "line 2", "width")).isEqualTo("line 2, width: required, got nothing");
        assertThat(at("golden.jsonl", "line 2", "output", "y", 0L))
                .isEqualTo("golden.jsonl, line 2, output.y[0]: required, got nothing");
        assertThat(at("test.csv", "row 2")).isEqualTo("test.csv, row 2: required, got nothing");
    }

    private static String at(Object... path) {
        return new Fault(List.of(path), "required", "nothing").toString();
    }
}
