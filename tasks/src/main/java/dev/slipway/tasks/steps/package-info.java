/** The steps that need nothing but arithmetic: softmax, top, scale and their like. */
@NullMarked
package dev.slipway.tasks.steps;

import org.jspecify.annotations.NullMarked;
