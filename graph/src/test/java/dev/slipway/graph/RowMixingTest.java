package dev.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Shape;
import dev.slipway.testing.onnx.OnnxModel;
import dev.slipway.testing.onnx.OnnxNode;
import dev.slipway.testing.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of graphs from x, FP32[batch,2,3], and ids, INT64[batch,2], to y. */
class RowMixingTest {

    private static final DeclaredShape X = DeclaredShape.of(Dimension.of("batch"), Dimension.of(2), Dimension.of(3));
    private static final DeclaredShape IDS = DeclaredShape.of(Dimension.of("batch"), Dimension.of(2));

    @TempDir
    Path folder;

    private static OnnxNode of(String operator, String inputs, String outputs) {
        return OnnxNode.of(operator, Arrays.asList(inputs.split(" ")), Arrays.asList(outputs.split(" ")));
    }

    /** From x to y. */
    private static OnnxNode node(String operator) {
        return of(operator, "x", "y");
    }

    private static OnnxNode transposed(String value, String result) {
        return of("Transpose", value, result).withInts("perm", List.of(1L, 0L, 2L));
    }

    private static OnnxNode batchSize(String result) {
        return of("Shape", "x", result).with("start", 0).with("end", 1);
    }

    private static OnnxTensor longs(long... values) {
        return OnnxTensor.longs(Shape.of(values.length), values);
    }

    private static OnnxTensor floats(long... dims) {
        return OnnxTensor.floats(Shape.of(dims), new float[(int) Shape.of(dims).elements()]);
    }

    private static OnnxTensor ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return OnnxTensor.raw(DataType.INT32, Shape.of(values.length), bytes.array());
    }

    private static OnnxTensor scales(float... values) {
        return OnnxTensor.floats(Shape.of(values.length), values);
    }

    private static OnnxModel base() {
        List<OnnxNode> kept = List.of(of("Identity", "a", "b"));
        return new OnnxModel()
                .function("", "Celu", "", List.of("a"), List.of("b"), kept)
                .function("ai.onnx", "Mish", "", List.of("a"), List.of("b"), kept)
                .function("com.microsoft", "Gelu", "", List.of("a"), List.of("b"), kept)
                .function("own", "kept", "second", List.of("a"), List.of("b"), kept)
                .function(
                        "cut",
                        List.of("a", "zero"),
                        List.of("b"),
                        List.of(
                                of("Shape", "a", "shape").withReference("start", "from"),
                                of("Gather", "shape zero", "end"),
                                of("Slice", "a zero end zero", "b")))
                .function(
                        "summed",
                        List.of("a"),
                        List.of("b"),
                        List.of(
                                OnnxNode.of("Constant", List.of(), List.of("axes"))
                                        .withReference("value_ints", "over"),
                                of("ReduceSum", "a axes", "b").with("noop_with_empty_axes", 1)))
                .function(
                        "either",
                        List.of("a"),
                        List.of("b"),
                        List.of(of("If", "a", "b")
                                .withReference("then_branch", "one")
                                .withReference("else_branch", "other")))
                .function("twice", List.of("a"), List.of("b"), List.of(of("Add", "a a", "b")))
                .function(
                        "normal",
                        List.of("a"),
                        List.of("b"),
                        List.of(of("Softmax", "a", "b").with("axis", 0)))
                .input("x", DataType.FP32, X)
                .input("ids", DataType.INT64, IDS)
                .output("y", DataType.FP32, DeclaredShape.ANY)
                .initializer("zero", longs(0))
                .initializer("one", longs(1))
                .initializer("two", longs(2))
                .initializer("last", longs(-1))
                .initializer("endless", longs(Long.MAX_VALUE))
                .initializer("flat", longs(1, -1))
                .initializer("rows", longs(-1, 6))
                .initializer("halves", longs(-1, 3))
                .initializer("twelve", longs(-1, 12))
                .initializer("eight", longs(8, 6))
                .initializer("scalar", floats())
                .initializer("big", longs((1L << 32) + 1))
                .initializer("ints", ints(1 << 16))
                .initializer("most", ints(1 << 30))
                .initializer("short", ints(12))
                .initializer("unit", floats(1, 1, 1))
                .initializer("number", floats(1))
                .initializer("taller", scales(2, 1, 1))
                .initializer("part", scales(0, 0, 0, 0.5f, 1, 1))
                .initializer("wider", scales(1, 1, 2.5f))
                .initializer("three", floats(3))
                .initializer("four", floats(4, 1, 1))
                .initializer("table", floats(9, 5))
                .initializer("square", floats(3, 3))
                .initializer("filter", floats(4, 2, 1))
                .initializer("gates", floats(1, 6, 3))
                .initializer("state", floats(1, 6, 2));
    }

    private List<String> reasons(OnnxNode... nodes) {
        OnnxModel model = base();
        Arrays.asList(nodes).forEach(model::node);
        return new OnnxReader()
                .inspect(model.write(folder.resolve("model.onnx")))
                .rowMixing();
    }

    private static Arguments graph(String what, OnnxNode... nodes) {
        return Arguments.of(what, nodes);
    }

    private static Arguments mixing(String what, String reason, OnnxNode... nodes) {
        return Arguments.of(what, reason, nodes);
    }

    static Stream<Arguments> apart() {
        return Stream.of(
                graph("each element by itself", node("Relu")),
                graph("with a weight for each column", of("Mul", "x three", "y")),
                graph("of rows side by side", of("Add", "x x", "y")),
                graph("other axes reduced", node("ReduceMean").withInts("axes", List.of(1L, -1L))),
                graph("no axes reduced", node("ReduceSum").with("noop_with_empty_axes", 1)),
                graph("axes as an input", of("ReduceSum", "x one", "y")),
                graph("weights reduced", of("ReduceSum", "table", "t"), node("Relu")),
                graph("normalised over the last axis", node("Softmax")),
                graph("a running sum within the row", of("CumSum", "x one", "y")),
                graph("the best of a row", of("TopK", "x one", "y i")),
                graph("the place of the largest", node("ArgMax").with("axis", 1)),
                graph(
                        "rows moved and moved back",
                        transposed("x", "t"),
                        of("Softmax", "t", "s").with("axis", 0),
                        transposed("s", "y")),
                graph("a row made flat", node("Flatten")),
                graph("a row made flat by what is left", of("Reshape", "x rows", "y")),
                graph(
                        "images made flat, of a size that only a run tells",
                        of("Conv", "x filter", "c"),
                        of("Reshape", "c twelve", "y")),
                graph(
                        "a row cut into two and put together",
                        of("Reshape", "x halves", "h"),
                        of("Softmax", "h", "s"),
                        of("Reshape", "s rows", "y")),
                graph(
                        "heads split off beside the rows",
                        transposed("x", "t"),
                        batchSize("b"),
                        of("Mul", "b last", "negative"),
                        of("Mul", "negative last", "heads"),
                        of("Concat", "two heads one last", "shape").with("axis", 0),
                        of("Reshape", "t shape", "split"),
                        of("Softmax", "split", "s").with("axis", -1),
                        of("Concat", "two b last", "back").with("axis", 0),
                        of("Reshape", "s back", "joined"),
                        transposed("joined", "y")),
                graph("an axis added and removed", of("Unsqueeze", "x zero", "u"), of("Squeeze", "u zero", "y")),
                graph("a matrix of weights", of("MatMul", "x square", "y")),
                graph(
                        "a matrix of the row's own",
                        transposed("x", "t"),
                        of("MatMul", "square three", "c"),
                        node("Relu")),
                graph(
                        "a row's parts compared",
                        of("Transpose", "x", "t").withInts("perm", List.of(0L, 2L, 1L)),
                        of("MatMul", "x t", "y")),
                graph("an equation within the row", of("Einsum", "x x", "y").with("equation", "bij,bkj->bik")),
                graph("words looked up", of("Gather", "table ids", "y")),
                graph("one place of each row", of("Gather", "x zero", "y").with("axis", 1)),
                graph(
                        "places of a row by that row",
                        of("GatherElements", "ids ids", "y").with("axis", 1)),
                graph("a row cut", of("Slice", "x zero one one", "y")),
                graph("all rows", of("Slice", "x zero endless zero", "s"), node("Relu")),
                graph("a row in halves", of("Split", "x", "y z").with("axis", 1)),
                graph("parts of a row joined", of("Concat", "x x", "y").with("axis", 2)),
                graph("a row's own filters", of("Conv", "x filter", "y")),
                graph("the largest of a window", node("MaxPool").withInts("kernel_shape", List.of(2L))),
                graph(
                        "steps of time beside rows",
                        transposed("x", "t"),
                        of("GRU", "t gates state", "all y0").with("hidden_size", 2),
                        of("Squeeze", "y0 zero", "y")),
                graph(
                        "a state at the beginning for each row",
                        transposed("x", "t"),
                        batchSize("b"),
                        of("Concat", "one b two", "shape").with("axis", 0),
                        of("ConstantOfShape", "shape", "h"),
                        OnnxNode.of("GRU", List.of("t", "gates", "state", "", "", "h"), List.of("all", "last"))
                                .with("hidden_size", 2),
                        of("Squeeze", "last zero", "y")),
                graph(
                        "rows first",
                        of("GRU", "x gates state", "y").with("hidden_size", 2).with("layout", 1)),
                graph(
                        "a value spread over all rows",
                        of("Shape", "x", "shape"),
                        of("Expand", "three shape", "e"),
                        of("Add", "x e", "y")),
                graph("fixed statistics", of("BatchNormalization", "x three three three three", "y")),
                graph("nothing dropped", node("Dropout")),
                graph(
                        "a branch taken for all batches alike",
                        of("Shape", "x", "shape"),
                        of("Gather", "shape one", "size"),
                        of("Equal", "size two", "is"),
                        branching("is", node("Relu"), node("Neg"))),
                graph("images scaled by what is known", OnnxNode.of("Resize", List.of("x", "", "wider"), List.of("y"))),
                graph("images scaled as it was written earlier", of("Upsample", "x wider", "y")),
                graph(
                        "images of another size",
                        batchSize("b"),
                        of("Concat", "b two two", "sizes").with("axis", 0),
                        OnnxNode.of("Resize", List.of("x", "", "", "sizes"), List.of("y"))),
                graph(
                        "other axes scaled by what only a run tells",
                        of("Neg", "number", "scale"),
                        OnnxNode.of("Resize", List.of("x", "", "scale"), List.of("y"))
                                .withInts("axes", List.of(2L))),
                graph(
                        "the number of rows as 32 bits hold it",
                        batchSize("b"),
                        of("Cast", "b", "b32").with("to", 6),
                        of("Mul", "b32 short", "more"),
                        of("Div", "more short", "end"),
                        of("Slice", "x zero end zero", "y")),
                graph(
                        "a dimension behind the rows that only a run tells",
                        batchSize("b"),
                        of("Cast", "number", "n").with("to", 7),
                        of("Concat", "b n last", "shape").with("axis", 0),
                        of("Reshape", "x shape", "y")),
                graph(
                        "a sum beside its norm",
                        OnnxNode.of(
                                "com.microsoft",
                                "SkipLayerNormalization",
                                List.of("x", "x", "three"),
                                List.of("n", "", "", "sum")),
                        of("Add", "n sum", "y")),
                graph("a function of the model's own", OnnxNode.of("own", "twice", List.of("x"), List.of("y"))));
    }

    private static OnnxNode branching(String condition, OnnxNode then, OnnxNode otherwise) {
        return of("If", condition, "y")
                .withGraph("then_branch", branch(then))
                .withGraph("else_branch", branch(otherwise));
    }

    private static OnnxModel branch(OnnxNode node) {
        return new OnnxModel().output("y", DataType.FP32, DeclaredShape.ANY).node(node);
    }

    static Stream<Arguments> mixing() {
        return Stream.of(
                mixing(
                        "rows reduced",
                        "ReduceMean 'y': reduces over axis 0, along which the rows lie",
                        node("ReduceMean").withInts("axes", List.of(0L))),
                mixing(
                        "rows reduced, counted from behind",
                        "reduces over axis 0",
                        node("ReduceMax").withInts("axes", List.of(-3L))),
                mixing("all axes reduced", "reduces over axis 0", node("ReduceSum")),
                mixing("axes computed", "takes a size or a place from the rows", of("ReduceSum", "x ids", "y")),
                mixing(
                        "normalised over the rows",
                        "Softmax 'y': normalises over axis 0",
                        node("Softmax").with("axis", 0)),
                mixing(
                        "normalised over rows that were moved",
                        "Softmax 's': normalises over axis 1",
                        transposed("x", "t"),
                        of("Softmax", "t", "s").with("axis", 1),
                        transposed("s", "y")),
                mixing("a running sum over the rows", "adds up over axis 0", of("CumSum", "x zero", "y")),
                mixing(
                        "the best of the rows",
                        "sorts over axis 0",
                        of("TopK", "x one", "y i").with("axis", 0)),
                mixing("the largest row", "compares over axis 0", node("ArgMax")),
                mixing(
                        "normalised with the mean of a batch",
                        "normalises over axis 0",
                        node("MeanVarianceNormalization").withInts("axes", List.of(0L, 2L))),
                mixing(
                        "the batch's statistics",
                        "normalises by the batch's own mean",
                        of("BatchNormalization", "x three three three three", "y m v")
                                .with("training_mode", 1)),
                mixing(
                        "all rows in one, then compared",
                        "ReduceMax 'm': reduces over axis 1",
                        of("Reshape", "x flat", "f"),
                        of("ReduceMax", "f", "m").withInts("axes", List.of(1L)),
                        of("Add", "x m", "y")),
                mixing(
                        "rows without an axis of their own",
                        "gives a shape in which rows have no axis of their own",
                        of("Reshape", "x eight", "y")),
                mixing(
                        "as many of the best as there are rows",
                        "TopK 'y': takes a size or a place that depends on the number of rows",
                        batchSize("b"),
                        of("TopK", "x b", "y i")),
                mixing(
                        "as many weights as there are rows",
                        "computes with the number of rows in the batch",
                        batchSize("b"),
                        of("TopK", "three b", "t i"),
                        of("Mul", "x t", "y")),
                mixing(
                        "rows counted twice in a shape",
                        "makes another dimension of the number of rows",
                        batchSize("b"),
                        of("Concat", "b b last", "shape").with("axis", 0),
                        of("Reshape", "x shape", "y")),
                mixing(
                        "a shape that rows decide",
                        "takes a size or a place from the rows",
                        of("Reshape", "x ids", "y")),
                mixing(
                        "rows set against each other",
                        "MatMul 'y': sets the rows against each other",
                        of("Flatten", "x", "f"),
                        of("Transpose", "f", "t"),
                        of("MatMul", "f t", "y")),
                mixing(
                        "rows summed up with a weight for each",
                        "sums up over an axis along which the rows lie",
                        of("Flatten", "x", "f"),
                        of("Transpose", "f", "t"),
                        of("MatMul", "t square", "y")),
                mixing(
                        "rows summed up in a product",
                        "sums up over an axis along which the rows lie",
                        of("Flatten", "x", "f"),
                        of("Transpose", "f", "t"),
                        of("MatMul", "t f", "y")),
                mixing(
                        "rows summed up in a turned product",
                        "sums up over an axis along which the rows lie",
                        of("Flatten", "x", "f"),
                        of("Gemm", "f f", "y").with("transA", 1)),
                mixing(
                        "an equation over the rows",
                        "Einsum 'y': sums up over an axis",
                        of("Einsum", "x x", "y").with("equation", "bij,bij->ij")),
                mixing(
                        "rows beside rows turned",
                        "Add 'y': sets the rows against each other",
                        of("Flatten", "x", "f"),
                        of("Transpose", "f", "t"),
                        of("Add", "f t", "y")),
                mixing(
                        "a value for each place in the batch",
                        "spreads a value of 4 places along axis 0",
                        of("Add", "x four", "y")),
                mixing("the first row", "takes single places along axis 0", of("Gather", "x zero", "y")),
                mixing(
                        "rows looked up by rows",
                        "looks up rows by rows",
                        of("Gather", "x ids", "y").with("axis", 1)),
                mixing("rows cut off", "Slice 'y': cuts along axis 0", of("Slice", "x zero one zero", "y")),
                mixing(
                        "rows split",
                        "splits along axis 0",
                        of("Split", "x", "y z").with("axis", 0)),
                mixing(
                        "rows joined",
                        "joins values along axis 0",
                        of("Concat", "x x", "y").with("axis", 0)),
                mixing(
                        "rows repeated",
                        "repeats the rows",
                        of("Concat", "two one one", "times").with("axis", 0),
                        of("Tile", "x times", "y")),
                mixing(
                        "rows padded",
                        "pads along axis 0",
                        node("Pad").withInts("pads", List.of(1L, 0L, 0L, 0L, 0L, 0L))),
                mixing(
                        "rows dropped",
                        "drops values of all rows",
                        of("Compress", "x ids", "y").with("axis", 0)),
                mixing("rows written to", "is not known to keep rows apart", of("ScatterND", "x ids x", "y")),
                mixing("an axis removed that one row has not", "removes every axis of size 1", node("Squeeze")),
                mixing(
                        "steps of time",
                        "GRU 'y': takes the rows for steps of time",
                        of("GRU", "x gates state", "y").with("hidden_size", 2)),
                mixing(
                        "images along another axis",
                        "expects rows along axis 0, and they lie along axis 1",
                        transposed("x", "t"),
                        of("Conv", "t filter", "y")),
                mixing(
                        "places counted over all images",
                        "numbers the places of all rows",
                        of("MaxPool", "x", "y places").withInts("kernel_shape", List.of(2L))),
                mixing(
                        "the number of rows",
                        "Div 'y': computes with the number of rows in the batch",
                        batchSize("b"),
                        of("Cast", "b", "n").with("to", 1),
                        of("Div", "x n", "y")),
                mixing(
                        "a number for each row",
                        "computes with the number of rows in the batch",
                        batchSize("b"),
                        of("Squeeze", "b zero", "n"),
                        of("Range", "scalar n scalar", "r"),
                        of("Gather", "table r", "g"),
                        of("Add", "x g", "y")),
                mixing(
                        "one scale for the batch",
                        "DynamicQuantizeLinear 'y': takes one scale from the whole batch",
                        of("DynamicQuantizeLinear", "x", "y s z")),
                mixing("random numbers", "draws random numbers", of("RandomNormalLike", "x", "y")),
                mixing("positions", "returns positions of all rows in one list", node("NonZero")),
                mixing("unique values", "compares all rows", node("Unique")),
                mixing(
                        "a branch that rows decide",
                        "If 'y': takes one branch for the whole batch",
                        branching("ids", node("Relu"), node("Neg"))),
                mixing(
                        "a branch that mixes",
                        "ReduceMean 'y': reduces over axis 0",
                        branching("scalar", node("Relu"), node("ReduceMean").withInts("axes", List.of(0L)))),
                mixing(
                        "a loop over rows",
                        "Loop 'y': may run a number of times",
                        of("Loop", "one  x", "y").withGraph("body", branch(node("Relu")))),
                mixing(
                        "an operator that nobody knows",
                        "com.example::Magic 'y': is not known to keep rows apart",
                        OnnxNode.of("com.example", "Magic", List.of("x"), List.of("y"))),
                mixing(
                        "a node that stands before what it takes",
                        "Softmax 's': normalises over axis 1",
                        of("Softmax", "t", "s").with("axis", 1),
                        transposed("s", "y"),
                        transposed("x", "t")),
                mixing(
                        "a function that mixes",
                        "Softmax 'b': normalises over axis 0",
                        OnnxNode.of("own", "normal", List.of("x"), List.of("y"))),
                mixing(
                        "images scaled along with the rows",
                        "Resize 'y': scales over axis 0",
                        OnnxNode.of("Resize", List.of("x", "", "taller"), List.of("y"))),
                mixing(
                        "images scaled along with the rows, as it was written earlier",
                        "Upsample 'y': scales over axis 0",
                        of("Upsample", "x taller", "y")),
                mixing(
                        "images scaled by what only a run tells",
                        "Resize 'y': scales over axis 0",
                        of("Neg", "wider", "scale"),
                        OnnxNode.of("Resize", List.of("x", "", "scale"), List.of("y"))),
                mixing(
                        "images scaled as much as the rows allow",
                        "Resize 'y': scales",
                        batchSize("b"),
                        of("Concat", "b two two", "sizes").with("axis", 0),
                        OnnxNode.of("Resize", List.of("x", "", "", "sizes"), List.of("y"))
                                .with("keep_aspect_ratio_policy", "not_smaller")),
                mixing(
                        "a part of all images",
                        "Resize 'y': scales over axis 0",
                        of("Resize", "x part wider", "y").with("coordinate_transformation_mode", "tf_crop_and_resize")),
                mixing(
                        "a number that 32 bits do not hold",
                        "cuts along axis 0",
                        of("Cast", "big", "b").with("to", 6),
                        of("Slice", "x zero b zero", "y")),
                mixing(
                        "a product that 32 bits do not hold",
                        "cuts along axis 0",
                        of("Mul", "ints ints", "p"),
                        of("Mul", "p ints", "b"),
                        of("Slice", "x zero b zero", "y")),
                mixing(
                        "a product of a list that 32 bits do not hold",
                        "takes a size or a place that depends on the number of rows",
                        of("Concat", "ints ints", "list").with("axis", 0),
                        of("ReduceProd", "list", "b"),
                        of("Slice", "x zero b zero", "y")),
                mixing(
                        "a branch by a product that 32 bits do not hold",
                        "ReduceMean 'y': reduces over axis 0",
                        of("Mul", "ints ints", "p"),
                        of("Greater", "p ints", "is"),
                        branching("is", node("Relu"), node("ReduceMean").withInts("axes", List.of(0L)))),
                mixing(
                        "more than 32 bits times the rows",
                        "takes a size or a place that depends on the number of rows",
                        batchSize("b"),
                        of("Cast", "b", "b32").with("to", 6),
                        of("Mul", "b32 most", "more"),
                        of("Div", "more most", "end"),
                        of("Slice", "x zero end zero", "y")),
                mixing(
                        "rows read as a number of times that may be none",
                        "gives a shape in which rows have no axis of their own",
                        transposed("x", "t"),
                        batchSize("b"),
                        of("Cast", "number", "n").with("to", 7),
                        of("Mul", "b two", "pairs"),
                        of("Mul", "pairs n", "none"),
                        of("Concat", "none last", "shape").with("axis", 0),
                        of("Reshape", "t shape", "r"),
                        of("ReduceMax", "r", "y").withInts("axes", List.of(1L))),
                mixing(
                        "rows times what may be none, divided by it",
                        "takes a size or a place that depends on the number of rows",
                        batchSize("b"),
                        of("Cast", "number", "n").with("to", 7),
                        of("Mul", "n one", "times"),
                        of("Mul", "b times", "more"),
                        of("Div", "more times", "end"),
                        of("Slice", "x zero end zero", "y")),
                mixing(
                        "a value spread a number of times that may be none",
                        "output 'y': depends on the number of rows",
                        batchSize("b"),
                        of("Cast", "number", "n").with("to", 7),
                        of("Mul", "b n", "more"),
                        of("Concat", "more two one", "shape").with("axis", 0),
                        of("Expand", "unit shape", "y")),
                mixing(
                        "a value repeated a number of times that may be none",
                        "output 'y': depends on the number of rows",
                        batchSize("b"),
                        of("Cast", "number", "n").with("to", 7),
                        of("Mul", "b n", "more"),
                        of("Concat", "more two one", "times").with("axis", 0),
                        of("Tile", "unit times", "y")),
                mixing(
                        "a function under the name of an operator",
                        "Celu 'y': is a function under a name of the runtime's own",
                        node("Celu")),
                mixing(
                        "a function under the name of an operator, its domain written out",
                        "is a function under a name of the runtime's own",
                        node("Mish")),
                mixing(
                        "a function in a domain of the runtime",
                        "is a function under a name of the runtime's own",
                        OnnxNode.of("com.microsoft", "Gelu", List.of("x"), List.of("y"))),
                mixing(
                        "one of several functions of a name",
                        "is a function under a name of the runtime's own",
                        OnnxNode.of("own", "kept", List.of("x"), List.of("y"))),
                mixing(
                        "a function that cuts as its call says",
                        "Shape 'shape': takes an attribute from the call of the function around it",
                        OnnxNode.of("own", "cut", List.of("x", "zero"), List.of("y"))),
                mixing(
                        "a function that sums up as its call says",
                        "ReduceSum 'b': reduces over axes that are computed",
                        OnnxNode.of("own", "summed", List.of("x"), List.of("y"))),
                mixing(
                        "a function whose branches its call gives",
                        "If 'b': takes an attribute from the call of the function around it",
                        OnnxNode.of("own", "either", List.of("scalar"), List.of("y"))),
                mixing(
                        "the mean of a norm",
                        "LayerNormalization 'n': gives a further output that is not followed",
                        of("LayerNormalization", "x three", "n mean"),
                        of("Add", "x mean", "y")),
                mixing(
                        "the mean of a norm of a sum",
                        "gives statistics that are not followed",
                        OnnxNode.of(
                                "com.microsoft",
                                "SkipLayerNormalization",
                                List.of("x", "x", "three"),
                                List.of("y", "mean"))),
                mixing(
                        "rows along another axis at the end",
                        "output 'y': has its rows along axis 1",
                        transposed("x", "y")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("apart")
    void rowsAreSeenToStayApart(String what, OnnxNode[] nodes) {
        assertThat(reasons(nodes)).as(what).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixing")
    void whatMixesRowsIsNamed(String what, String reason, OnnxNode[] nodes) {
        assertThat(reasons(nodes)).as(what).hasSize(1).first().asString().contains(reason);
    }

    /** Two rows of six share a place of four each that neither has alone. */
    @Test
    void rowsOfAnySizeAreNotCutIntoPiecesOfOne() {
        Path model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(Dimension.of("batch"), Dimension.of("width")))
                .output("y", DataType.FP32, DeclaredShape.ANY)
                .initializer("fours", longs(-1, 4))
                .node("Reshape", List.of("x", "fours"), List.of("y"))
                .write(folder.resolve("open.onnx"));
        assertThat(new OnnxReader().inspect(model).rowMixing())
                .containsExactly("Reshape 'y': gives a shape in which rows have no axis of their own");
    }

    @Test
    void aModelWithoutRowsHasNoneToMix() {
        Path model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(4, 4))
                .output("y", DataType.FP32, DeclaredShape.of(1))
                .node("ReduceSum", List.of("x"), List.of("y"))
                .write(folder.resolve("fixed.onnx"));
        assertThat(new OnnxReader().inspect(model).rowMixing()).isEmpty();
    }

    @Test
    void ofAnInputWithoutAShapeNothingIsKnown() {
        Path model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.ANY)
                .output("y", DataType.FP32, DeclaredShape.ANY)
                .node("Relu", List.of("x"), List.of("y"))
                .write(folder.resolve("shapeless.onnx"));
        assertThat(new OnnxReader().inspect(model).rowMixing())
                .containsExactly("input 'x': states no shape, so that its rows cannot be followed");
    }

    @Test
    void numbersThatLieInAFileAreNotReadFromTheModel() throws IOException {
        Files.write(folder.resolve("end.bin"), new byte[Long.BYTES]);
        Path model = base().contradictoryInitializer("end", longs(Long.MAX_VALUE), "end.bin")
                .node("Slice", List.of("x", "zero", "end", "zero"), List.of("y"))
                .write(folder.resolve("contradictory.onnx"));
        assertThat(new OnnxReader().inspect(model).rowMixing())
                .containsExactly("Slice 'y': cuts along axis 0, along which the rows lie");
    }

    @Test
    void aSquareOfRowsIsNoRow() {
        Path model = new OnnxModel()
                .input("x", DataType.FP32, DeclaredShape.of(Dimension.of("batch"), Dimension.of("batch")))
                .output("y", DataType.FP32, DeclaredShape.ANY)
                .node("Relu", List.of("x"), List.of("y"))
                .write(folder.resolve("square.onnx"));
        assertThat(new OnnxReader().inspect(model).rowMixing())
                .containsExactly("input 'x': makes another dimension of the number of rows");
    }

    @Test
    void tablesOfScikitLearnStayApart() {
        assertThat(new OnnxReader().inspect(Models.file("logreg_iris.onnx")).rowMixing())
                .isEmpty();
    }
}
