package dev.slipway.graph;

import java.util.stream.Stream;

/** The element type of what an operator of ONNX's own domain gives, from its attributes and the types of its inputs. */
final class OutputType {

    private OutputType() {}

    static ElementType of(OnnxNode node, int output, ElementTypes.Scope scope) {
        if (!node.domain().isEmpty()) {
            return ElementType.UNDEFINED;
        }
        return switch (node.operator()) {
            case "Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression" -> ElementType.INT64;
            case "Equal",
                    "Greater",
                    "GreaterOrEqual",
                    "Less",
                    "LessOrEqual",
                    "And",
                    "Or",
                    "Xor",
                    "Not",
                    "IsNaN",
                    "IsInf",
                    "OptionalHasElement",
                    "RegexFullMatch" -> ElementType.BOOL;
            case "TopK", "Unique", "MaxPool" -> output == 0 ? input(node, 0, scope) : ElementType.INT64;
            case "Dropout" -> output == 0 ? input(node, 0, scope) : ElementType.BOOL;
            case "Cast", "BitCast" -> stated(node, "to", ElementType.UNDEFINED);
            case "CastLike", "DequantizeLinear" -> input(node, 1, scope);
            case "OneHot" -> input(node, 2, scope);
            case "ConvInteger", "MatMulInteger" -> ElementType.INT32;
            case "QuantizeLinear", "QLinearConv", "QLinearMatMul", "DynamicQuantizeLinear" -> ElementType.UNDEFINED;
            case "RandomNormal", "RandomUniform", "SequenceEmpty" -> stated(node, "dtype", ElementType.FLOAT);
            case "RandomNormalLike", "RandomUniformLike", "EyeLike", "Bernoulli" ->
                stated(node, "dtype", input(node, 0, scope));
            case "Multinomial" -> stated(node, "dtype", ElementType.INT32);
            case "HannWindow", "HammingWindow", "BlackmanWindow", "MelWeightMatrix" ->
                stated(node, "output_datatype", ElementType.FLOAT);
            case "ConstantOfShape" -> tensor(node, ElementType.FLOAT);
            case "Constant" -> constant(node);
            case "Where" -> scope.common(node.inputs().stream().skip(1));
            case "Add",
                    "Sub",
                    "Mul",
                    "Div",
                    "Mod",
                    "Max",
                    "Min",
                    "Sum",
                    "Mean",
                    "Concat",
                    "BitwiseAnd",
                    "BitwiseOr",
                    "BitwiseXor",
                    "Range" -> scope.common(node.inputs().stream());
            default -> input(node, 0, scope);
        };
    }

    private static ElementType input(OnnxNode node, int input, ElementTypes.Scope scope) {
        return node.inputs().size() > input ? scope.type(node.inputs().get(input)) : ElementType.UNDEFINED;
    }

    private static ElementType stated(OnnxNode node, String attribute, ElementType otherwise) {
        return ElementType.orUndefined(node.integer(attribute, otherwise.number()));
    }

    private static ElementType tensor(OnnxNode node, ElementType otherwise) {
        OnnxTensor tensor = node.attribute("value").map(OnnxAttribute::tensor).orElse(null);
        return tensor == null ? otherwise : ElementType.orUndefined(tensor.element());
    }

    private static ElementType constant(OnnxNode node) {
        return Stream.of("value_int", "value_ints")
                        .anyMatch(name -> node.attribute(name).isPresent())
                ? ElementType.INT64
                : Stream.of("value_float", "value_floats")
                                .anyMatch(name -> node.attribute(name).isPresent())
                        ? ElementType.FLOAT
                        : tensor(node, ElementType.UNDEFINED);
    }
}
