/** ONNX Runtime through its C API. */
@NullMarked
package dev.slipway.engines.onnxruntime;

import org.jspecify.annotations.NullMarked;
