/** Slipway's own interface: predictions in the task's form, administration, documents. */
@NullMarked
package dev.slipway.protocols.slipway;

import org.jspecify.annotations.NullMarked;
