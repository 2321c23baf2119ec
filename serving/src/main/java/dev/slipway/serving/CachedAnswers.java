package dev.slipway.serving;

import dev.slipway.core.InferenceRequest;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.ResponseSink;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers the requests to one version from what it has answered before, and lets equal requests that are under way share
 * one run.
 */
final class CachedAnswers {

    private static final InferenceResponse.Timing NO_RUN = new InferenceResponse.Timing(0, 0, 0);

    private final ServedVersion version;
    private final AnswerCache cache;
    private final Map<RequestKey, Flight> flights = new ConcurrentHashMap<>();

    CachedAnswers(ServedVersion version, AnswerCache cache) {
        this.version = version;
        this.cache = cache;
    }

    /**
     * Takes over a request; true when a run was begun for it, with its caller's claim on the version.
     *
     * @throws FailureException why the request is refused
     */
    boolean accept(InferenceRequest request, RequestKey key, ResponseSink sink) {
        long began = version.now();
        for (; ; ) {
            List<NamedTensor> kept = cache.find(key);
            if (kept != null) {
                answer(request, kept, sink, began);
                return false;
            }
            Flight own = new Flight(version, cache, key, flight -> flights.remove(key, flight));
            Flight under = flights.putIfAbsent(key, own);
            if (under == null) {
                version.metrics().missed(version.now() - began);
                own.begin(request, sink);
                return true;
            }
            if (under.join(request, sink)) {
                return false;
            }
            flights.remove(key, under);
        }
    }

    private void answer(InferenceRequest request, List<NamedTensor> kept, ResponseSink sink, long began) {
        request.close();
        InferenceResponse response =
                new InferenceResponse(version.model(), version.version(), request.id(), kept, Map.of(), NO_RUN);
        Reply reply = new Reply(sink);
        reply.next(response);
        boolean _ = reply.complete(() -> version.metrics().repeated(version.now() - began));
    }

    void forget() {
        cache.forget(version);
    }
}
