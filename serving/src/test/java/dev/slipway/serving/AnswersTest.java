package dev.slipway.serving;

import static dev.slipway.serving.ServingFixture.failure;
import static dev.slipway.serving.ServingFixture.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Failure;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ModelRef;
import dev.slipway.core.ResponseSink;
import dev.slipway.core.Shape;
import dev.slipway.testing.FakeModel;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswersTest extends ServingTest {

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private final ResponseSink sink = new ResponseSink() {
        @Override
        public void next(InferenceResponse response) {
            try (response) {
                heard.add(ServingFixture.numbers(response).toString());
            }
        }

        @Override
        public void complete() {
            heard.add("complete");
        }

        @Override
        public void fail(Failure failure) {
            heard.add(failure.code());
        }
    };

    private String hear() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void oneAnswerComesAndThenTheEnd() throws InterruptedException {
        serving.publish(serving.load(FakeModel.DOUBLE, 1));
        serving.server.infer(serving.request(1, 2), sink);
        assertThat(List.of(hear(), hear())).containsExactly("[2.0, 4.0]", "complete");
    }

    @Test
    void aModelThatStreamsGivesAnAnswerPerStep() throws InterruptedException {
        serving.publish(serving.load(FakeModel.STREAM, 1));
        serving.server.infer(serving.request(1, 2, 3), sink);
        assertThat(List.of(hear(), hear(), hear(), hear())).containsExactly("[1.0]", "[2.0]", "[3.0]", "complete");
    }

    @Test
    void refusalsComeThroughTheSink() throws InterruptedException {
        serving.server.infer(serving.request(1), sink);
        assertThat(hear()).isEqualTo("model-not-found");
    }

    @Test
    void whoeverWantsOneAnswerIsToldWhenThereAreSeveral() {
        serving.publish(serving.load(FakeModel.STREAM, 1));
        assertThat(failure(serving.server.infer(serving.request(1, 2))))
                .isEqualTo(new Failure.Unsupported(
                        "the model gave 2 answers to one request; ask for it through an" + " interface that streams"));
    }

    @Test
    void whoeverWantsOneAnswerIsToldWhenThereIsNone() {
        serving.publish(serving.load(FakeModel.STREAM, 1));
        assertThat(failure(serving.server.infer(ServingFixture.request(
                        ModelRef.of(ServingFixture.MODEL), serving.tensor("x", Shape.of(0, 1))))))
                .isInstanceOf(Failure.Unsupported.class);
    }

    @Test
    void aBatchOfNoRowsIsAnsweredWithNoRows() {
        serving.publish(serving.load(FakeModel.DOUBLE, 1));
        assertThat(numbers(serving.send())).isEmpty();
    }

    @Test
    void anAnswerSaysWhoGaveItAndWhereTheTimeWent() {
        serving.publish(serving.load(FakeModel.DOUBLE, 7));
        try (InferenceResponse response = ServingFixture.await(serving.send(1, 2))) {
            assertThat(response.model()).isEqualTo(ServingFixture.MODEL);
            assertThat(response.version()).isEqualTo(7);
            assertThat(response.id()).isEqualTo("id");
            assertThat(response.timing()).isEqualTo(new InferenceResponse.Timing(0, 0, 2));
        }
    }
}
