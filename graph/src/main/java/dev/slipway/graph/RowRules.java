package dev.slipway.graph;

import dev.slipway.graph.RowValue.Along;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The operators whose way with rows is known, each with its rule. Any other is taken to mix them. */
final class RowRules {

    /**
     * A rule and the inputs that are sizes, places or counts rather than values to compute with.
     */
    private record Entry(RowRule rule, Set<Integer> sizes) {}

    private static final String ELEMENTWISE =
            "Abs Acos Acosh Add And Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot"
                    + " BitwiseOr BitwiseXor Cast Ceil Celu Clip Cos Cosh Div Elu Equal Erf Exp Floor Gelu Greater"
                    + " GreaterOrEqual HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min"
                    + " Mish Mod Mul Neg Not Or PRelu Pow Reciprocal RegexFullMatch Relu Round ScaledTanh Selu Shrink Sigmoid"
                    + " Sign Sin Sinh Softplus Softsign Sqrt StringConcat Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor"
                    + " ParametricSoftplus Scale Affine com.microsoft::Gelu com.microsoft::BiasGelu com.microsoft::FastGelu"
                    + " com.microsoft::QuickGelu com.microsoft::QLinearAdd com.microsoft::QLinearMul"
                    + " com.microsoft::QLinearSigmoid com.microsoft::QLinearLeakyRelu ai.onnx.ml::Binarizer"
                    + " ai.onnx.ml::LabelEncoder ai.onnx.ml::CategoryMapper";
    private static final String REDUCTIONS =
            "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum"
                    + " ReduceSumSquare";
    private static final String WINDOWS = "AveragePool Conv ConvInteger ConvTranspose DepthToSpace GlobalAveragePool"
            + " GlobalLpPool GlobalMaxPool LpPool MaxPool QLinearConv SpaceToDepth com.microsoft::FusedConv"
            + " com.microsoft::QLinearAveragePool com.microsoft::QLinearGlobalAveragePool";
    private static final String TABLES =
            "LinearRegressor SVMRegressor TreeEnsemble TreeEnsembleRegressor FeatureVectorizer";
    private static final String CLASSIFIERS = "LinearClassifier SVMClassifier TreeEnsembleClassifier";

    /** Those whose sizes may be as many as there are rows. */
    private static final Set<String> SHAPED =
            Set.of("ConstantOfShape", "Expand", "Range", "Reshape", "Resize", "Slice", "Tile");

    private static final Map<String, String> MIXING = Map.of(
            "DynamicQuantizeLinear", "takes one scale from the whole batch",
            "com.microsoft::DynamicQuantizeMatMul", "takes one scale from the whole batch",
            "com.microsoft::DynamicQuantizeLSTM", "takes one scale from the whole batch",
            "com.microsoft::Tokenizer", "fills all rows up to the longest",
            "NonMaxSuppression", "returns boxes of all rows in one list",
            "Unique", "compares all rows",
            "NonZero", "returns positions of all rows in one list",
            "Loop", "may run a number of times that depends on the whole batch",
            "Scan", "runs along an axis in a way that is not followed",
            "SequenceMap", "runs a subgraph over a sequence");

    private static final String REFERRING = "takes an attribute from the call of the function around it";
    private static final Map<String, Entry> TABLE = table();

    private RowRules() {}

    private static Map<String, Entry> table() {
        Map<String, Entry> table = new HashMap<>();
        put(table, ELEMENTWISE, RowRule.one(RowBroadcast::of));
        put(table, "CastLike", RowRule.one(step -> RowBroadcast.of(step, List.of(step.in(0)))));
        put(table, "QuantizeLinear DequantizeLinear", RowRule.one(RowRules::quantized));
        put(table, "Dropout", RowRules::dropout, 1, 2);
        put(table, REDUCTIONS, RowRule.one(RowRules::reduced), 1);
        put(table, "ArgMax ArgMin", RowRule.one(RowRules::compared));
        put(table, "Softmax LogSoftmax Hardmax", RowRule.one(RowRules::softmax));
        put(table, "LpNormalization", RowRule.one(step -> over(step, "normalises", axis(step, "axis", -1))));
        put(
                table,
                "LayerNormalization RMSNormalization SimplifiedLayerNormalization",
                RowRule.one(step -> over(step, "normalises", from(step, axis(step, "axis", -1)))));
        put(table, "GroupNormalization", RowRule.one(step -> over(step, "normalises", from(step, List.of(1)))));
        put(table, "InstanceNormalization", RowRule.one(step -> over(step, "normalises", from(step, List.of(2)))));
        put(table, "LRN", RowRule.one(step -> over(step, "normalises", List.of(1))));
        put(table, "ImageScaler", RowRule.one(step -> over(step, "scales", List.of(1))));
        put(table, "MeanVarianceNormalization", RowRule.one(RowRules::meanVariance));
        put(table, "BatchNormalization", RowRule.one(RowRules::batchNormalization));
        put(table, "CumSum", RowRule.one(step -> over(step, "adds up", axes(step, step.plain(1)))), 1);
        put(table, "TopK", step -> twice(cut(step, axis(step, "axis", -1), "sorts")), 1);
        put(table, "Trilu", RowRule.one(step -> over(step, "cuts", axes(step, List.of(-1L, -2L)))), 1);
        put(table, "Transpose", RowRule.one(RowLayout::transpose));
        put(table, "Reshape", RowRule.one(RowLayout::reshape), 1);
        put(table, "Flatten", RowRule.one(RowLayout::flatten));
        put(table, "Squeeze", RowRule.one(RowLayout::squeeze), 1);
        put(table, "Unsqueeze", RowRule.one(RowLayout::unsqueeze), 1);
        put(table, "Expand", RowRule.one(RowLayout::expand), 1);
        put(table, "ConstantOfShape", RowRule.one(RowLayout::constantOfShape), 0);
        put(table, "Range", RowRule.one(RowLayout::range), 0, 1, 2);
        put(table, "Tile", RowRule.one(RowLayout::tile), 1);
        put(table, "Concat", RowRule.one(RowLayout::concat));
        put(table, "Slice", RowRule.one(RowPicks::slice), 1, 2, 3, 4);
        put(table, "Split", RowPicks::split, 1);
        put(table, "Pad", RowRule.one(RowPicks::pad), 1, 3);
        put(table, "Compress", RowRule.one(RowPicks::compress));
        put(table, "Gather", RowRule.one(RowPicks::gather));
        put(table, "GatherElements", RowRule.one(RowPicks::gatherElements));
        put(table, "GatherND", RowRule.one(RowPicks::gatherNd));
        put(table, "ScatterElements", RowRule.one(RowPicks::scatterElements));
        put(table, "OneHot", RowRule.one(RowPicks::oneHot), 1);
        put(table, "ReverseSequence", RowRule.one(RowPicks::reverseSequence));
        put(table, "Resize Upsample", RowRule.one(RowRules::scaled), 1, 2, 3);
        put(
                table,
                "MatMul MatMulInteger com.microsoft::MatMulIntegerToFloat com.microsoft::FusedMatMul",
                RowProducts.matMul(0, 1));
        put(table, "QLinearMatMul com.microsoft::QGemm", RowProducts.matMul(0, 3));
        put(table, "com.microsoft::MatMulNBits", RowRule.one(step -> cut(step, axes(step, List.of(-1L)), "sums up")));
        put(table, "Gemm com.microsoft::FusedGemm", RowRule.one(RowProducts::gemm));
        put(table, "Einsum", RowRule.one(RowProducts::einsum));
        put(table, WINDOWS, RowProducts::windows);
        put(table, "RNN GRU LSTM", RowProducts::recurrent);
        put(
                table,
                "com.microsoft::SkipLayerNormalization com.microsoft::SkipSimplifiedLayerNormalization",
                RowRules::skipNormalization);
        put(table, "com.microsoft::Attention com.microsoft::MultiHeadAttention", RowRules::attention);
        for (String operator : (TABLES + " " + CLASSIFIERS + " Normalizer Scaler Imputer").split(" ", -1)) {
            boolean classifies = CLASSIFIERS.contains(operator);
            put(table, "ai.onnx.ml::" + operator, step -> tabular(step, classifies));
        }
        put(table, "TfIdfVectorizer", step -> tabular(step, false));
        put(
                table,
                "ai.onnx.ml::ArrayFeatureExtractor",
                RowRule.one(step -> cut(step, axes(step, List.of(-1L)), "cuts")));
        put(table, "ai.onnx.ml::OneHotEncoder", RowRule.one(RowRules::oneHotEncoder));
        put(table, "ai.onnx.ml::ZipMap", RowRule.one(RowRules::zipMap));
        return Map.copyOf(table);
    }

    private static void put(Map<String, Entry> table, String operators, RowRule rule, Integer... sizes) {
        for (String operator : operators.split(" ", -1)) {
            table.put(operator, new Entry(rule, Set.of(sizes)));
        }
    }

    /** What is known of a step's outputs. */
    static List<RowValue> outputs(RowStep step) {
        OnnxNode node = step.node();
        if (node.referring() && !node.is("", "Constant") && !TABLE.containsKey(node.qualified())) {
            return List.of(RowValue.lost(REFERRING));
        }
        if (step.inputs().findAny().isEmpty()) {
            return List.of(RowValue.UNKNOWN);
        }
        if (step.inputs().anyMatch(RowValue::lost)) {
            return List.of(RowValue.lost(""));
        }
        Optional<RowValue> numbers = node.referring() ? Optional.empty() : SizeArithmetic.of(step);
        if (numbers.isPresent()) {
            return List.of(numbers.get());
        }
        List<RowValue> outputs = of(step);
        if (step.inputs().anyMatch(input -> input.along().isPresent())) {
            return outputs;
        }
        RowValue known = step.inputs().anyMatch(RowValue::counted) ? RowValue.COUNTED : RowValue.UNKNOWN;
        return outputs.stream()
                .map(output -> output.lost() || (output.same() && known.counted()) ? known : output)
                .toList();
    }

    private static List<RowValue> of(RowStep step) {
        String mixing = MIXING.get(step.node().qualified());
        Entry entry = TABLE.get(step.node().qualified());
        if (step.node().referring()) {
            return List.of(RowValue.lost(REFERRING));
        }
        if (entry == null) {
            return List.of(RowValue.lost(mixing != null ? mixing : "is not known to keep rows apart"));
        }
        for (int input = 0; input < step.count(); input++) {
            RowValue value = step.in(input);
            if (!step.has(input)) {
                continue;
            }
            if (!entry.sizes().contains(input)) {
                if (value.counted()) {
                    return List.of(RowValue.lost("computes with the number of rows in the batch"));
                }
                if (value.dims() == null) {
                    return List.of(RowValue.lost("takes a value of which the number of dimensions is not known"));
                }
            } else if (value.along().isPresent()) {
                return List.of(RowValue.lost("takes a size or a place from the rows"));
            } else if (value.counted()
                    && (value.numbers() == null || !SHAPED.contains(step.node().operator()))) {
                return List.of(RowValue.lost("takes a size or a place that depends on the number of rows"));
            }
        }
        return entry.rule().of(step);
    }

    /** The first input as it is, when its rows do not lie along one of the axes and nothing else has rows; null are any. */
    private static RowValue over(RowStep step, String verb, @Nullable List<Integer> axes) {
        RowValue x = step.in(0);
        if (step.inputs().skip(1).anyMatch(input -> input.along().isPresent())) {
            return RowValue.lost("takes its weights from the rows");
        }
        return x.along()
                .map(rows -> axes == null
                        ? RowValue.lost(verb + " over axes that are computed")
                        : axes.contains(rows.axis())
                                ? RowValue.lost(verb + " over axis " + rows.axis() + ", along which the rows lie")
                                : RowValue.along(rows, x.sizes()))
                .orElseGet(() -> RowValue.same(x.sizes()));
    }

    private static RowValue cut(RowStep step, @Nullable List<Integer> axes, String verb) {
        RowValue kept = over(step, verb, axes);
        return kept.lost() ? kept : RowPicks.resized(step, kept, axes, verb);
    }

    private static @Nullable List<Integer> axes(RowStep step, @Nullable List<Long> axes) {
        return RowStep.axes(axes, step.in(0).sizes().size());
    }

    private static @Nullable List<Integer> axis(RowStep step, String attribute, long otherwise) {
        return axes(step, List.of(step.node().integer(attribute, otherwise)));
    }

    private static @Nullable List<Integer> from(RowStep step, @Nullable List<Integer> first) {
        return first == null
                ? null
                : IntStream.range(first.getFirst(), step.in(0).sizes().size())
                        .boxed()
                        .toList();
    }

    private static RowValue softmax(RowStep step) {
        List<Integer> axis = axis(step, "axis", step.opset() >= 13 ? -1 : 1);
        return over(step, "normalises", step.opset() >= 13 ? axis : from(step, axis));
    }

    private static RowValue meanVariance(RowStep step) {
        return over(step, "normalises", axes(step, step.given("axes", step.count(), List.of(0L, 2L, 3L))));
    }

    private static RowValue reduced(RowStep step) {
        int rank = step.in(0).sizes().size();
        List<Long> given = step.given("axes", 1, List.of());
        boolean none = given != null && given.isEmpty();
        boolean all = none && step.node().integer("noop_with_empty_axes", 0) == 0;
        return reduced(step, "reduces", all ? IntStream.range(0, rank).boxed().toList() : RowStep.axes(given, rank));
    }

    private static RowValue compared(RowStep step) {
        return reduced(step, "compares", axis(step, "axis", 0));
    }

    private static RowValue reduced(RowStep step, String verb, @Nullable List<Integer> axes) {
        RowValue kept = over(step, verb, axes);
        if (kept.lost() || axes == null) {
            return kept.lost() ? kept : RowValue.UNKNOWN;
        }
        if (step.node().integer("keepdims", 1) == 0) {
            return RowLayout.without(kept, axes);
        }
        List<Extent> dims = new ArrayList<>(kept.sizes());
        axes.forEach(axis -> dims.set(axis, Extent.ONE));
        return RowLayout.moved(kept, kept.along().map(Along::axis).orElse(0), dims);
    }

    private static RowValue batchNormalization(RowStep step) {
        long outputs =
                step.node().outputs().stream().filter(name -> !name.isEmpty()).count();
        boolean before14 = step.opset() < 14 && outputs > 1;
        boolean training = before14 || step.node().integer("training_mode", 0) != 0;
        return training
                ? RowValue.lost("normalises by the batch's own mean (training mode)")
                : over(step, "takes weights", List.of(1));
    }

    private static List<RowValue> twice(RowValue output) {
        return List.of(output, output);
    }

    private static List<RowValue> dropout(RowStep step) {
        boolean training = step.has(2) && !List.of(0L).equals(step.plain(2));
        return twice(training ? RowValue.lost("draws random numbers (training mode)") : over(step, "", List.of()));
    }

    private static RowValue quantized(RowStep step) {
        boolean perAxis = step.in(1).sizes().stream().anyMatch(size -> !size.is(1));
        return over(step, "takes its scale", perAxis ? axis(step, "axis", 1) : List.of());
    }

    /** An axis stays as it is where its scale is known to be 1, or its size to be asked for, and nothing else decides. */
    private static RowValue scaled(RowStep step) {
        RowValue x = step.in(0);
        List<Integer> all = IntStream.range(0, x.sizes().size()).boxed().toList();
        List<Integer> named = axes(
                step,
                step.given(
                        "axes",
                        step.count(),
                        all.stream().map(Integer::longValue).toList()));
        List<Extent> sizes = step.in(3).numbers();
        if (named == null || (sizes != null && sizes.size() != named.size())) {
            return RowValue.lost("scales along axes that are computed");
        }
        List<Float> scales = step.in(step.count() == 2 ? 1 : 2).floats();
        boolean asIs = text(step, "keep_aspect_ratio_policy", "stretch").equals("stretch")
                && !text(step, "coordinate_transformation_mode", "").equals("tf_crop_and_resize");
        List<Integer> scaled = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            boolean kept = sizes != null
                    ? sizes.get(i).equals(x.sizes().get(named.get(i)))
                    : scales.size() == named.size() && scales.get(i) == 1;
            if (!asIs || !kept) {
                scaled.add(named.get(i));
            }
        }
        boolean counts = sizes != null
                && scaled.stream()
                        .anyMatch(axis -> sizes.get(named.indexOf(axis)).countsRows());
        return counts ? RowValue.lost("scales by the number of rows") : cut(step, scaled, "scales");
    }

    /** The fourth output is the sum that is normalised. */
    private static List<RowValue> skipNormalization(RowStep step) {
        RowValue sum = RowBroadcast.of(step, step.inputs().limit(2).toList());
        boolean last = sum.along()
                .filter(rows -> rows.axis() == sum.sizes().size() - 1)
                .isPresent();
        RowValue between = RowValue.lost("gives statistics that are not followed");
        return last || sum.lost()
                ? List.of(last ? RowValue.lost("normalises over the axis along which the rows lie") : sum)
                : List.of(sum, between, between, sum);
    }

    private static String text(RowStep step, String attribute, String otherwise) {
        return step.node().attribute(attribute).map(OnnxAttribute::text).orElse(otherwise);
    }

    private static List<RowValue> attention(RowStep step) {
        boolean rowsFirst =
                step.inputs().allMatch(input -> input.same() || input.rows().equals(Along.of(0)));
        RowValue x = step.in(0);
        return List.of(
                rowsFirst && x.sizes().size() == 3 && x.along().isPresent()
                        ? RowValue.along(
                                Along.of(0), List.of(x.sizes().get(0), x.sizes().get(1), step.unknown()))
                        : RowValue.lost("expects rows along axis 0 of all its inputs"),
                RowValue.lost("keeps a state that is not followed"));
    }

    /** A model of tables, for which a list of numbers is a single row. */
    private static List<RowValue> tabular(RowStep step, boolean classifies) {
        boolean table = step.inputs()
                .allMatch(input -> input.sizes().size() == 2
                        && input.along().filter(rows -> rows.axis() == 0).isPresent());
        if (!table) {
            return List.of(RowValue.lost("expects a table whose first axis is the rows'"));
        }
        Along rows = step.in(0).along().orElseThrow();
        RowValue scores = RowValue.along(rows, step.unknown(2));
        return classifies ? List.of(RowValue.along(rows, step.unknown(1)), scores) : List.of(scores);
    }

    private static RowValue oneHotEncoder(RowStep step) {
        RowValue x = step.in(0);
        List<Extent> dims = new ArrayList<>(x.sizes());
        dims.add(step.unknown());
        return RowLayout.moved(x, x.along().map(Along::axis).orElse(0), dims);
    }

    private static RowValue zipMap(RowStep step) {
        RowValue scores = step.in(0);
        return scores.along().filter(rows -> rows.axis() == 0).isPresent()
                ? RowLayout.moved(scores, 0, List.of(scores.sizes().getFirst()))
                : RowValue.lost("expects rows along axis 0");
    }
}
