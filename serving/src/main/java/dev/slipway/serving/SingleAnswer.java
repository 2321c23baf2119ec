package dev.slipway.serving;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.ResponseSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A sink for exactly one answer; none or several are a failure. */
final class SingleAnswer implements ResponseSink {

    private final CompletableFuture<InferenceResponse> answer = new CompletableFuture<>();
    private @Nullable InferenceResponse only;
    private int answers;

    CompletionStage<InferenceResponse> answer() {
        return answer;
    }

    @Override
    public void next(InferenceResponse response) {
        answers++;
        giveBack();
        if (answers == 1) {
            only = response;
        } else {
            response.close();
        }
    }

    @Override
    public void complete() {
        InferenceResponse response = only;
        only = null;
        if (response == null) {
            fail(new Failure.Unsupported("the model gave " + answers
                    + " answers to one request; ask for it through an interface that streams"));
        } else if (!answer.complete(response)) {
            response.close();
        }
    }

    @Override
    public void fail(Failure failure) {
        giveBack();
        answer.completeExceptionally(new FailureException(failure));
    }

    private void giveBack() {
        InferenceResponse response = only;
        only = null;
        if (response != null) {
            response.close();
        }
    }
}
