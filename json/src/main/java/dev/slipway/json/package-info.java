/** Tensors as JSON: exact number scanning into native memory and writing from it. */
@NullMarked
package dev.slipway.json;

import org.jspecify.annotations.NullMarked;
