/** Image steps: decoding, resizing, scaling. */
@NullMarked
package dev.slipway.steps.image;

import org.jspecify.annotations.NullMarked;
