package dev.slipway.registry;

import dev.slipway.core.ModelName;
import java.time.Instant;

/**
 * What a server says of a version, apart from what is desired of it.
 *
 * @param node the server's name
 * @param state {@code registered}, {@code loading}, {@code ready}, {@code unloading}, {@code unloaded} or {@code failed}
 * @param detail why, for people; may be empty
 */
public record Observation(String node, ModelName model, long version, String state, String detail, Instant time) {}
