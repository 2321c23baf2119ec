/**
 * Models in a Java program of one's own, without server or database.
 *
 * <pre>{@code
 * try (Model model = Slipway.open(Path.of("examples/iris"))) {
 *     Prediction prediction = model.predict(
 *             Map.of("sepal_length", 5.1, "sepal_width", 3.5, "petal_length", 1.4, "petal_width", 0.2));
 *     System.out.println(prediction.label() + " " + prediction.confidence());
 * }
 * }</pre>
 *
 * <p>The program needs an engine on its class path (for ONNX {@code slipway-engine-onnxruntime}), for images
 * {@code slipway-steps-image}, and the option {@code --enable-native-access=ALL-UNNAMED}.
 */
@NullMarked
package dev.slipway.embed;

import org.jspecify.annotations.NullMarked;
