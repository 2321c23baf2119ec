/** The kinds of work by which Slipway's speed is shown. */
@NullMarked
package dev.slipway.verify.benchmarks.scenarios;

import org.jspecify.annotations.NullMarked;
