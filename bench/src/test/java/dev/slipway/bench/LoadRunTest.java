package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadRunTest {

    private static final byte[] REQUEST =
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}"
                    .getBytes(StandardCharsets.UTF_8);
    private static final Load.Time SHORT = new Load.Time(Duration.ZERO, Duration.ofMillis(300));

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private interface Answering {
        void answer(HttpServerRequest request);
    }

    private LoadRun load(Answering answering) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.path().endsWith("/infer")) {
                        asked.incrementAndGet();
                        answering.answer(request);
                    } else {
                        request.response().setStatusCode(404).end();
                    }
                })
                .listen(0, "127.0.0.1")
                .await();
        URI base = URI.create("http://127.0.0.1:" + server.actualPort());
        return LoadRun.of(new ServedModel(base, "m", "", ""), Protocol.JSON, REQUEST);
    }

    @Test
    void aConnectionOfAClosedLoadAsksAgainOnceItHasItsAnswer() throws Exception {
        try (LoadRun run = load(request -> request.response().end("{}"))) {
            Measurement measurement = run.run(new Load.Closed(2), SHORT);
            assertThat(measurement.answered()).isGreaterThan(2).isLessThanOrEqualTo(asked.get());
            assertThat(measurement.failed()).isZero();
            assertThat(measurement.statistics()).isEmpty();
        }
    }

    @Test
    void arrivalsOfAnOpenLoadDoNotWaitForAnswersAndTheirWaitingCounts() throws Exception {
        int delay = 10;
        try (LoadRun run =
                load(request -> vertx.setTimer(delay, _ -> request.response().end("{}")))) {
            Measurement measurement = run.run(new Load.Open(500, 1), SHORT);
            assertThat(measurement.answered())
                    .as("every request that was due is answered and counted, in whatever time")
                    .isEqualTo(asked.get())
                    .isGreaterThan(100);
            assertThat(measurement.millis(100))
                    .as("the last one has waited for all before it, one at a time")
                    .isGreaterThan(asked.get() * delay * 0.99 - 300);
        }
    }

    @Test
    void anErrorIsToldAndDoesNotCountAsAnswered() throws Exception {
        try (LoadRun run = load(request -> request.response().setStatusCode(503).end("full"))) {
            Measurement measurement = run.run(new Load.Closed(1), SHORT);
            assertThat(measurement.answered()).isZero();
            assertThat(measurement.errors()).containsOnlyKeys("status 503: full");
            assertThat(measurement.failed()).isPositive();
        }
    }

    @Test
    void aConnectionThatBreaksIsOpenedAgain() throws Exception {
        try (LoadRun run = load(request -> {
            if (asked.get() == 2) {
                request.connection().close();
            } else {
                request.response().end("{}");
            }
        })) {
            Measurement measurement = run.run(new Load.Closed(1), SHORT);
            assertThat(measurement.failed()).isEqualTo(1);
            assertThat(measurement.answered()).isGreaterThan(1);
        }
    }

    @Test
    void nobodyListening() throws IOException {
        ServedModel model = new ServedModel(URI.create("http://127.0.0.1:1"), "m", "", "");
        try (LoadRun run = LoadRun.of(model, Protocol.JSON, REQUEST)) {
            assertThatThrownBy(() -> run.run(new Load.Closed(1), SHORT)).isInstanceOf(IOException.class);
        }
    }
}
