/** Listeners, limits, access and configuration around the protocol dialects. */
@NullMarked
package dev.slipway.server;

import org.jspecify.annotations.NullMarked;
