package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class LatencyPlotTest {

    private static Measurement measurement(int answered) {
        Histogram latencies = new Histogram(3);
        for (int i = 1; i <= answered; i++) {
            latencies.recordValue(i * 1_000_000L);
        }
        return new Measurement(new Load.Closed(1), 1, latencies, Map.of(), 0, Optional.empty());
    }

    @Test
    void eachMeasurementWithAnswersIsALine() throws Exception {
        String svg = new LatencyPlot()
                .line("a < b", measurement(100))
                .line("c", measurement(10))
                .line("nothing", measurement(0))
                .svg();
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg).contains("a &lt; b").doesNotContain("NaN");
    }

    @Test
    void noLineIsStillAPicture() {
        assertThat(new LatencyPlot().svg()).contains("<svg").doesNotContain("NaN");
    }
}
