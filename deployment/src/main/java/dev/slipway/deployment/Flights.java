package dev.slipway.deployment;

import dev.slipway.core.FailureException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Work that is done once while several ask for it: whoever asks for what is under way joins it. */
final class Flights<K, V> {

    private final ConcurrentHashMap<K, CompletableFuture<V>> flying = new ConcurrentHashMap<>();

    V join(K key, Supplier<V> work) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> other = flying.putIfAbsent(key, mine);
        if (other != null) {
            return outcome(other);
        }
        try {
            mine.complete(work.get());
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
        } finally {
            flying.remove(key, mine);
        }
        return outcome(mine);
    }

    private static <V> V outcome(CompletableFuture<V> flight) {
        try {
            return flight.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new FailureException(FailureException.of(e), e.getCause());
        }
    }
}
