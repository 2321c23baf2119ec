package dev.slipway.engines.onnxruntime;

import dev.slipway.core.TensorSpec;

/**
 * An input of a session.
 *
 * @param position its place among the session's inputs, overridable initialisers after the others
 * @param name its name as a C string
 */
record GraphInput(int position, long name, TensorSpec spec) {}
