package dev.slipway.serving;

/**
 * What the answers that a server keeps take.
 *
 * @param bytes that they hold now
 * @param evictions answers that had to make room for others since the start
 */
public record CacheUse(long bytes, long evictions) {}
