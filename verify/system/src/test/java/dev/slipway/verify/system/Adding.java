package dev.slipway.verify.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.List;

/** A model {@code y = x + number}, so that an answer shows which version gave it. */
final class Adding {

    private Adding() {}

    static Path write(Path file, int number) {
        return model(number).write(file);
    }

    static byte[] bytes(int number) {
        return model(number).toBytes();
    }

    private static OnnxModel model(int number) {
        DeclaredShape shape = DeclaredShape.of(Dimension.of("n"), Dimension.of(2));
        return new OnnxModel()
                .input("x", DataType.FP32, shape)
                .output("y", DataType.FP32, shape)
                .initializer("number", OnnxTensor.floats(Shape.of(1), number))
                .node("Add", List.of("x", "number"), List.of("y"));
    }

    /** A V2 request for {@code x}. */
    static String request(float x) {
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[" + x + "," + x + "]}]}";
    }

    /** What the version that answered must have added, read from its values. */
    static int added(JsonNode answer, float x) {
        JsonNode data = answer.get("outputs").get(0).get("data");
        double first = data.get(0).asDouble() - x;
        double second = data.get(1).asDouble() - x;
        if (first != second || first != Math.rint(first)) {
            throw new AssertionError("a mixed answer: " + answer);
        }
        return (int) first;
    }
}
