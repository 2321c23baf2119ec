/** The friendly forms of the tasks: what people send and get instead of tensors. */
@NullMarked
package dev.slipway.tasks;

import org.jspecify.annotations.NullMarked;
