/** The extension point of the server: a dialect. */
@NullMarked
package dev.slipway.server.spi;

import org.jspecify.annotations.NullMarked;
