package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrpcStatusesTest {

    @Test
    void whatIsNoPrintableAsciiIsPercentEncoded() {
        assertThat(GrpcStatuses.message("plain text")).isEqualTo("plain text");
        assertThat(GrpcStatuses.message("100 %\n")).isEqualTo("100 %25%0A");
        assertThat(GrpcStatuses.message("ä")).isEqualTo("%C3%A4");
    }

    @Test
    void aMessageEndsAfterAWholeCharacterBeforeItIsLongerThanClientsTake() {
        assertThat(GrpcStatuses.message("😀".repeat(1000))).isEqualTo("%F0%9F%98%80".repeat(166) + "...");
        assertThat(GrpcStatuses.message("a".repeat(2000))).hasSize(2000);
    }
}
