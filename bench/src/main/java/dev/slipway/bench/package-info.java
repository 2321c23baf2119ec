/** A load generator for servers of the Open Inference Protocol V2. */
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
