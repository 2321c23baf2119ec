package dev.slipway.serving;

import dev.slipway.core.Cancellation;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceRequest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.spi.Session;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trial of whether rows may share a run, on a platform thread of its own, since a native run keeps whatever thread it
 * is on. It takes no longer than a request may.
 */
record BatchTrial(VersionSource source, Session session, Rows rows, RequestCheck check, Shared shared) {

    private static final Logger LOG = LoggerFactory.getLogger(BatchTrial.class);

    /**
     * What runs of the sample's valid requests say; blocks. The requests stay the caller's.
     *
     * @throws FailureException what the engine says of a run that should have gone well
     */
    Batchability verdict(List<InferenceRequest> sample) {
        CompletableFuture<Batchability> verdict = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("slipway-trial-" + source.model() + "-" + source.version())
                .daemon(true)
                .start(() -> {
                    try {
                        verdict.complete(tried(sample));
                    } catch (Throwable e) { // whatever an engine throws, the caller is answered
                        verdict.completeExceptionally(e);
                    }
                });
        try {
            return declared(verdict.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new FailureException(FailureException.of(e), e.getCause());
        }
    }

    private Batchability tried(List<InferenceRequest> sample) {
        long patience = source.settings().timeout().toNanos();
        Cancellation cancellation = new Cancellation();
        Failure late = new Failure.DeadlineExceeded(
                "not all rows were tried within " + source.settings().timeout().toMillis() + " ms");
        Timer timer = shared.timer();
        Timer.Alarm watch = timer.at(timer.nanoTime() + patience, () -> cancellation.cancel(late));
        shared.loads().watch(cancellation);
        try {
            return Probe.verdict(source, session, shared.pool(), timer::nanoTime, cancellation, valid(sample));
        } finally {
            shared.loads().forget(cancellation);
            watch.cancel();
        }
    }

    private List<List<NamedTensor>> valid(List<InferenceRequest> sample) {
        return sample.stream()
                .filter(check::fits)
                .map(check::inputs)
                .filter(inputs -> rows.of(inputs) > 0)
                .toList();
    }

    /** What the package says outweighs what was seen. */
    private Batchability declared(Batchability seen) {
        if (!(seen instanceof Batchability.No)
                || !Boolean.TRUE.equals(source.manifest().batchable())) {
            return seen;
        }
        LOG.warn(
                "model '{}' version {} is batched as its package says, but: {}",
                source.model(),
                source.version(),
                seen);
        return new Batchability.Declared();
    }
}
