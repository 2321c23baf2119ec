package dev.slipway.bench;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** A request as it goes out again and again: its path, headers and body. */
record Message(Protocol protocol, String path, MultiMap headers, Buffer body) {}
