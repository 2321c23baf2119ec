/** Speed, measured: JMH benchmarks, and ratios that hold on a busy machine. */
@NullMarked
package dev.slipway.verify.benchmarks;

import org.jspecify.annotations.NullMarked;
