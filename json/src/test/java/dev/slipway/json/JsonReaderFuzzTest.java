package dev.slipway.json;

import com.code_intelligence.jazzer.junit.FuzzTest;

class JsonReaderFuzzTest {

    @FuzzTest
    void agreesWithJackson(byte[] text) {
        AgainstJacksonTest.agree(text);
    }
}
