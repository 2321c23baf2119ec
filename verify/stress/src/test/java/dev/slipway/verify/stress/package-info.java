/** Stress tests by jcstress: every outcome of two threads that meet must be one of those written down. */
@NullMarked
package dev.slipway.verify.stress;

import org.jspecify.annotations.NullMarked;
