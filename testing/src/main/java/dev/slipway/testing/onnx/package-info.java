/** Small ONNX files made in tests, and the ONNX backend cases. */
@NullMarked
package dev.slipway.testing.onnx;

import org.jspecify.annotations.NullMarked;
