package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A model of operators chosen at random, from x, FP32[rows,2,3], to y; most are refused by every runtime. */
final class RandomGraph {

    private static final List<List<Long>> SHAPES = List.of(
            List.of(-1L, 3L),
            List.of(-1L, 6L),
            List.of(0L, -1L),
            List.of(1L, -1L),
            List.of(-1L),
            List.of(2L, -1L, 3L),
            List.of(-1L, 2L, 3L),
            List.of(3L, 2L, -1L),
            List.of(0L, 3L, 2L),
            List.of(0L, 0L, -1L),
            List.of(-1L, 1L, 2L, 3L),
            List.of(2L, 3L, -1L),
            List.of(-1L, 2L));
    private static final List<List<Long>> WEIGHTS = List.of(
            List.of(3L),
            List.of(2L),
            List.of(2L, 3L),
            List.of(3L, 3L),
            List.of(3L, 2L),
            List.of(1L, 2L, 3L),
            List.of(1L));
    private static final List<String> EQUATIONS = List.of(
            "abc,abd->acd",
            "abc,acd->abd",
            "abc,abc->abc",
            "abc,dbc->ad",
            "abc,cd->abd",
            "abc->cab",
            "abc->ac",
            "ab,bc->ac");

    private final Random random;
    private final OnnxModel model = new OnnxModel()
            .opset(17)
            .input("x", DataType.FP32, DeclaredShape.of(Dimension.of("rows"), Dimension.of(2), Dimension.of(3)));
    private final List<String> floats = new ArrayList<>(List.of("x"));
    private final List<String> places = new ArrayList<>();
    private int names;

    RandomGraph(Random random, int nodes) {
        this.random = random;
        List<IntConsumer> moves = moves();
        for (int i = 0; i < nodes; i++) {
            moves.get(random.nextInt(moves.size())).accept(random.nextInt(4));
        }
        model.node(OnnxNode.of("Identity", List.of(floats.getLast()), List.of("y")));
        model.output("y", DataType.FP32, DeclaredShape.ANY);
    }

    OnnxModel model() {
        return model;
    }

    private List<IntConsumer> moves() {
        return List.of(
                _ -> add(OnnxNode.of(one("Relu", "Sigmoid", "Neg", "Exp"), List.of(value()), List.of(fresh()))),
                _ -> pair(one("Add", "Sub", "Mul", "Max"), value(), value()),
                _ -> pair(one("Add", "Mul"), value(), weight()),
                _ -> pair("MatMul", value(), random.nextBoolean() ? value() : weight()),
                _ -> add(OnnxNode.of("Transpose", List.of(value()), List.of(fresh()))
                        .withInts("perm", perm())),
                _ -> add(OnnxNode.of("Reshape", List.of(value(), longs(one(SHAPES))), List.of(fresh()))),
                _ -> add(OnnxNode.of("Reshape", List.of(value(), computedShape()), List.of(fresh()))),
                axis -> add(OnnxNode.of("Flatten", List.of(value()), List.of(fresh()))
                        .with("axis", axis)),
                axis -> add(OnnxNode.of("Squeeze", List.of(value(), longs(List.of((long) axis))), List.of(fresh()))),
                axis -> add(OnnxNode.of("Unsqueeze", List.of(value(), longs(List.of((long) axis))), List.of(fresh()))),
                axis -> add(OnnxNode.of(one("ReduceMax", "ReduceMean"), List.of(value()), List.of(fresh()))
                        .withInts("axes", List.of(axis - 1L))
                        .with("keepdims", random.nextInt(2))),
                axis -> add(OnnxNode.of("ReduceSum", List.of(value(), longs(List.of(axis - 2L))), List.of(fresh()))
                        .with("keepdims", random.nextInt(2))),
                axis -> add(OnnxNode.of(one("Softmax", "LogSoftmax"), List.of(value()), List.of(fresh()))
                        .with("axis", axis - 2)),
                axis -> add(OnnxNode.of("CumSum", List.of(value(), longs(List.of(axis - 1L))), List.of(fresh()))),
                axis -> pick(OnnxNode.of("ArgMax", List.of(value()), List.of(freshPlace()))
                        .with("axis", axis - 1)
                        .with("keepdims", random.nextInt(2))),
                axis -> add(OnnxNode.of("Gather", List.of(value(), longs(List.of(0L))), List.of(fresh()))
                        .with("axis", axis - 1)),
                axis -> add(OnnxNode.of("Gather", List.of(weight(), place()), List.of(fresh()))
                        .with("axis", axis % 2)),
                axis -> add(OnnxNode.of("Gather", List.of(value(), place()), List.of(fresh()))
                        .with("axis", axis)),
                axis -> add(OnnxNode.of("GatherElements", List.of(value(), place()), List.of(fresh()))
                        .with("axis", axis)),
                axis -> add(OnnxNode.of("GatherND", List.of(value(), place()), List.of(fresh()))
                        .with("batch_dims", axis % 2)),
                axis -> add(OnnxNode.of("ScatterElements", List.of(value(), place(), value()), List.of(fresh()))
                        .with("axis", axis)),
                _ -> add(OnnxNode.of("Cast", List.of(place()), List.of(fresh())).with("to", 1)),
                axis -> add(OnnxNode.of("Concat", List.of(value(), value()), List.of(fresh()))
                        .with("axis", axis)),
                axis -> slice(axis - 1),
                axis -> add(OnnxNode.of("Split", List.of(value()), List.of(fresh(), fresh() + "b"))
                        .with("axis", axis)),
                axis -> add(OnnxNode.of(
                                "TopK",
                                List.of(value(), random.nextBoolean() ? longs(List.of(1L)) : size()),
                                List.of(fresh(), freshPlace()))
                        .with("axis", axis - 1)),
                _ -> add(OnnxNode.of(
                        "Expand",
                        List.of(random.nextBoolean() ? value() : weight(), computedShape()),
                        List.of(fresh()))),
                _ -> add(OnnxNode.of(
                        "Tile",
                        List.of(
                                value(),
                                longs(one(List.of(List.of(1L, 1L, 2L), List.of(1L, 2L), List.of(2L, 1L, 1L))))),
                        List.of(fresh()))),
                _ -> add(OnnxNode.of("ConstantOfShape", List.of(computedShape()), List.of(fresh()))),
                _ -> add(OnnxNode.of("Where", List.of(greater(), value(), value()), List.of(fresh()))),
                _ -> counted(),
                _ -> add(OnnxNode.of("Einsum", List.of(value(), value()), List.of(fresh()))
                        .with("equation", one(EQUATIONS))),
                _ -> add(OnnxNode.of(
                                "Gemm", List.of(value(), random.nextBoolean() ? value() : weight()), List.of(fresh()))
                        .with("transA", random.nextInt(2))
                        .with("transB", random.nextInt(2))),
                _ -> add(OnnxNode.of("Conv", List.of(value(), constant(List.of(2L, 2L, 1L))), List.of(fresh()))),
                _ -> add(OnnxNode.of("MaxPool", List.of(value()), List.of(fresh()))
                        .withInts("kernel_shape", List.of(2L))),
                _ -> add(OnnxNode.of("GlobalAveragePool", List.of(value()), List.of(fresh()))),
                axis -> add(OnnxNode.of("LayerNormalization", List.of(value(), constant(List.of(3L))), List.of(fresh()))
                        .with("axis", axis - 2)),
                layout -> recurrent(layout % 2),
                axis -> add(OnnxNode.of(
                        "Pad",
                        List.of(
                                value(),
                                longs(IntStream.range(0, 6)
                                        .mapToObj(i -> i == axis ? 1L : 0L)
                                        .toList())),
                        List.of(fresh()))),
                _ -> add(OnnxNode.of("Trilu", List.of(value()), List.of(fresh()))),
                axis -> add(OnnxNode.of(
                                "OneHot", List.of(place(), longs(List.of(3L)), constant(List.of(2L))), List.of(fresh()))
                        .with("axis", axis - 1)));
    }

    private void add(OnnxNode node) {
        floats.add("v" + names);
        model.node(node);
    }

    private void pick(OnnxNode node) {
        places.add("p" + names);
        model.node(node);
    }

    private void pair(String operator, String one, String other) {
        add(OnnxNode.of(operator, List.of(one, other), List.of(fresh())));
    }

    /** Never to nothing, by which ONNX Runtime 1.28 divides in some operators. */
    private void slice(long axis) {
        boolean front = random.nextBoolean();
        String from = longs(List.of(front ? 0L : -1L));
        String to = longs(List.of(front ? one(1L, 2L, Long.MAX_VALUE) : Long.MAX_VALUE));
        add(OnnxNode.of("Slice", List.of(value(), from, to, longs(List.of(axis))), List.of(fresh())));
    }

    private void recurrent(int layout) {
        String weights = constant(List.of(1L, 6L, 3L));
        String more = constant(List.of(1L, 6L, 2L));
        add(OnnxNode.of("GRU", List.of(value(), weights, more), List.of(fresh()))
                .with("hidden_size", 2)
                .with("layout", layout));
    }

    private void counted() {
        String size = "s" + ++names;
        model.node(OnnxNode.of(one("Shape", "Size"), List.of(value()), List.of(size)));
        String number = fresh();
        floats.add(number);
        model.node(OnnxNode.of("Cast", List.of(size), List.of(number)).with("to", 1));
    }

    /** One size of a value. */
    private String size() {
        String shape = "s" + ++names;
        model.node(OnnxNode.of("Shape", List.of(value()), List.of(shape)));
        String size = "s" + ++names;
        model.node(OnnxNode.of("Gather", List.of(shape, longs(List.of((long) random.nextInt(3)))), List.of(size)));
        return size;
    }

    /** The sizes of a value, some of them another value's, one perhaps left open. */
    private String computedShape() {
        String whole = "s" + ++names;
        model.node(OnnxNode.of("Shape", List.of(value()), List.of(whole)));
        int shape = random.nextInt(4);
        if (shape == 0) {
            return whole;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < shape; i++) {
            String part = "s" + ++names;
            if (random.nextBoolean()) {
                model.node(OnnxNode.of(
                        "Gather", List.of(whole, longs(List.of((long) random.nextInt(3)))), List.of(part)));
                parts.add(part);
            } else {
                parts.add(longs(List.of(one(-1L, 1L, 2L, 3L, 6L))));
            }
        }
        String joined = "s" + ++names;
        model.node(OnnxNode.of("Concat", parts, List.of(joined)).with("axis", 0));
        return joined;
    }

    private String greater() {
        String truth = "t" + ++names;
        model.node(OnnxNode.of("Greater", List.of(value(), value()), List.of(truth)));
        return truth;
    }

    private String fresh() {
        return "v" + ++names;
    }

    private String freshPlace() {
        return "p" + ++names;
    }

    private String value() {
        return random.nextInt(3) > 0 ? floats.getLast() : floats.get(random.nextInt(floats.size()));
    }

    private String place() {
        if (places.isEmpty()) {
            String place = freshPlace();
            model.node(OnnxNode.of("ArgMax", List.of(value()), List.of(place)).with("axis", one(-1L, 1L)));
            places.add(place);
        }
        return places.getLast();
    }

    private String weight() {
        return constant(one(WEIGHTS));
    }

    private String constant(List<Long> dims) {
        String name = "w" + ++names;
        Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
        float[] numbers = new float[(int) shape.elements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        model.initializer(name, OnnxTensor.floats(shape, numbers));
        return name;
    }

    private String longs(List<Long> numbers) {
        String name = "i" + ++names;
        model.initializer(
                name,
                OnnxTensor.longs(
                        Shape.of(numbers.size()),
                        numbers.stream().mapToLong(Long::longValue).toArray()));
        return name;
    }

    private List<Long> perm() {
        List<Long> perm = new ArrayList<>(
                LongStream.range(0, 2 + random.nextInt(2)).boxed().toList());
        Collections.shuffle(perm, random);
        return perm;
    }

    @SafeVarargs
    private <T> T one(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
