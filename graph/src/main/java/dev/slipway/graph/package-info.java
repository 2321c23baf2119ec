/** An ONNX model as data: read and inspected, never executed. */
@NullMarked
package dev.slipway.graph;

import org.jspecify.annotations.NullMarked;
