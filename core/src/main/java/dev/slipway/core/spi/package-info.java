/** The extension points: what an engine and a step must offer. */
@NullMarked
package dev.slipway.core.spi;

import org.jspecify.annotations.NullMarked;
