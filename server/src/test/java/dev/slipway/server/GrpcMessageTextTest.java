package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrpcMessageTextTest {

    @Test
    void whatIsNoPrintableAsciiIsPercentEncoded() {
        assertThat(GrpcCall.percentEncoded("plain text")).isEqualTo("plain text");
        assertThat(GrpcCall.percentEncoded("100 %\n")).isEqualTo("100 %25%0A");
        assertThat(GrpcCall.percentEncoded("ä")).isEqualTo("%C3%A4");
    }
}
