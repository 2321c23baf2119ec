package dev.slipway.registry;

import dev.slipway.core.Endpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a model's history.
 *
 * @param seq from 1, without gaps, per model
 * @param version the version that the entry is about or that gets the most after it, if any
 * @param previous the version that got the most before, if any
 * @param endpoint the whole endpoint after the change
 * @param format of the canonical bytes
 * @param canonical the bytes that are hashed, as text
 * @param previousHash the hash of the entry before; empty for the first
 * @param hash sha-256, hex, of {@code previousHash} and {@code canonical}
 */
public record HistoryEntry(
        long seq,
        Instant time,
        String actor,
        String action,
        @Nullable Long version,
        @Nullable Long previous,
        Endpoint endpoint,
        String reason,
        int format,
        String canonical,
        String previousHash,
        String hash) {}
