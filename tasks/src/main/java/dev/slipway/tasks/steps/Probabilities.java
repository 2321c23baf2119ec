package dev.slipway.tasks.steps;

import dev.slipway.core.spi.Step;

/** A step whose results are probabilities. */
public sealed interface Probabilities extends Step permits Softmax, Sigmoid {}
