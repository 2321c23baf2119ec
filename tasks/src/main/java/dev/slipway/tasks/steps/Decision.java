package dev.slipway.tasks.steps;

import dev.slipway.core.spi.Step;

/** A step that chooses among scores rather than computes them. */
public sealed interface Decision extends Step permits Top, Argmax, Threshold, Label {}
