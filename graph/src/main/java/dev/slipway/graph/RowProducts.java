package dev.slipway.graph;

import dev.slipway.graph.RowValue.Along;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where rows are after products, windows and recurrent layers. */
final class RowProducts {

    private static final String MET = "sums up over an axis along which the rows lie";

    private RowProducts() {}

    /**
     * The product of matrices, stacked along their first axes.
     *
     * @param left the position of the first matrix among the inputs
     * @param right that of the second
     */
    static RowRule matMul(int left, int right) {
        return step -> {
            RowValue a = turned(step.in(left), step.node().integer("transA", 0) != 0);
            RowValue b = turned(step.in(right), step.node().integer("transB", 0) != 0);
            boolean others = IntStream.range(0, step.count())
                    .filter(input -> input != left && input != right)
                    .anyMatch(input -> step.in(input).along().isPresent());
            boolean turnedStacks =
                    step.node().integer("transBatchA", 0) != 0 || step.node().integer("transBatchB", 0) != 0;
            if (turnedStacks) {
                return List.of(RowValue.lost("turns stacks of matrices in a way that is not followed"));
            }
            return others ? List.of(RowValue.lost("takes its scale from the rows")) : List.of(product(step, a, b));
        };
    }

    private static RowValue turned(RowValue matrix, boolean turned) {
        int rank = matrix.sizes().size();
        if (!turned || rank < 2) {
            return matrix;
        }
        List<Extent> dims = new ArrayList<>(matrix.sizes());
        Collections.swap(dims, rank - 1, rank - 2);
        int axis = matrix.along().map(Along::axis).orElse(0);
        return RowLayout.moved(matrix, axis < rank - 2 ? axis : 2 * rank - 3 - axis, dims);
    }

    private static RowValue product(RowStep step, RowValue left, RowValue right) {
        boolean row = left.sizes().size() == 1;
        boolean column = right.sizes().size() == 1;
        if (left.sizes().isEmpty() || right.sizes().isEmpty()) {
            return RowValue.lost("multiplies what is no matrix");
        }
        RowValue a = row ? RowLayout.with(left, List.of(0)) : left;
        RowValue b = column ? RowLayout.with(right, List.of(1)) : right;
        int lastOfA = a.sizes().size() - 1;
        int lastOfB = b.sizes().size() - 1;
        if (a.along().filter(rows -> rows.axis() == lastOfA).isPresent()
                || b.along().filter(rows -> rows.axis() == lastOfB - 1).isPresent()) {
            return RowValue.lost(MET);
        }
        RowValue full = RowBroadcast.of(step, List.of(widened(a, lastOfA), widened(b, lastOfB - 1)));
        if (full.lost()) {
            return full;
        }
        int rank = full.sizes().size();
        List<Integer> dropped = Stream.of(row ? rank - 2 : -1, column ? rank - 1 : -1)
                .filter(axis -> axis >= 0)
                .toList();
        return RowLayout.without(full, dropped);
    }

    /** A matrix with the axis that is summed up over at size 1, so that bringing two together gives the product's shape. */
    private static RowValue widened(RowValue matrix, int summed) {
        List<Extent> dims = new ArrayList<>(matrix.sizes());
        dims.set(summed, Extent.ONE);
        return RowLayout.moved(matrix, matrix.along().map(Along::axis).orElse(0), dims);
    }

    static RowValue gemm(RowStep step) {
        RowValue product = product(
                step,
                turned(step.in(0), step.node().integer("transA", 0) != 0),
                turned(step.in(1), step.node().integer("transB", 0) != 0));
        return product.lost() || !step.has(2) ? product : RowBroadcast.of(step, List.of(product, step.in(2)));
    }

    static RowValue einsum(RowStep step) {
        String equation = step.node()
                .attribute("equation")
                .map(OnnxAttribute::text)
                .orElse("")
                .replace(" ", "");
        List<RowValue> values = step.inputs().toList();
        int arrow = equation.indexOf("->");
        List<String> terms = arrow < 0
                ? List.of()
                : Arrays.asList(equation.substring(0, arrow).split(",", -1));
        if (arrow < 0 || equation.contains(".") || terms.size() != values.size()) {
            return RowValue.lost("has an equation that is not followed");
        }
        String result = equation.substring(arrow + 2);
        @Nullable Along rows = null;
        char letter = 0;
        for (int i = 0; i < terms.size(); i++) {
            String term = terms.get(i);
            Along own = values.get(i).along().orElse(null);
            if (term.length() != values.get(i).sizes().size()) {
                return RowValue.lost("has an equation that does not fit its inputs");
            }
            if (own != null) {
                if (rows != null
                        && (letter != term.charAt(own.axis()) || !rows.outer().equals(own.outer()))) {
                    return RowValue.lost("sets the rows against each other");
                }
                rows = own;
                letter = term.charAt(own.axis());
            }
        }
        List<Extent> dims = step.unknown(result.length());
        if (rows == null) {
            return RowValue.same(dims);
        }
        for (int i = 0; i < terms.size(); i++) {
            int uses = terms.get(i).length()
                    - terms.get(i).replace(String.valueOf(letter), "").length();
            if (uses > (values.get(i).along().isPresent() ? 1 : 0)) {
                return RowValue.lost("sets the rows against other values");
            }
        }
        int axis = result.indexOf(letter);
        return axis < 0 ? RowValue.lost(MET) : RowValue.along(rows.at(axis), dims);
    }

    /** Windows that move over images, one image for each place along axis 0; further inputs are weights. */
    static List<RowValue> windows(RowStep step) {
        RowValue x = step.in(0);
        String operator = step.node().operator();
        List<Extent> dims = new ArrayList<>(step.unknown(x.sizes().size()));
        if (!dims.isEmpty()) {
            dims.set(0, x.sizes().getFirst());
        }
        if (dims.size() > 1 && step.node().is("", operator) && operator.contains("Pool")) {
            dims.set(1, x.sizes().get(1));
        }
        if (step.node().is("", operator) && operator.contains("Global")) {
            Collections.fill(dims.subList(Math.min(2, dims.size()), dims.size()), Extent.ONE);
        }
        RowValue images = imageWise(step, dims);
        return List.of(images, images.lost() ? images : RowValue.lost("numbers the places of all rows"));
    }

    /** Whatever is done to each of the images that lie along axis 0. */
    static RowValue imageWise(RowStep step, List<Extent> dims) {
        if (step.inputs().skip(1).anyMatch(input -> input.along().isPresent())) {
            return RowValue.lost("takes its weights from the rows");
        }
        return step.in(0)
                .along()
                .map(rows -> rows.axis() == 0
                        ? RowValue.along(rows, dims)
                        : RowValue.lost("expects rows along axis 0, and they lie along axis " + rows.axis()))
                .orElseGet(() -> RowValue.same(dims));
    }

    /** A recurrent layer: rows along the axis that is not time, each with its own state at the beginning. */
    static List<RowValue> recurrent(RowStep step) {
        boolean rowsFirst = step.node().integer("layout", 0) != 0;
        int batch = rowsFirst ? 0 : 1;
        Along rows = step.in(0).along().orElse(Along.of(-1));
        if (rows.axis() != batch) {
            return List.of(RowValue.lost("takes the rows for steps of time"));
        }
        for (int i = 1; i < step.count(); i++) {
            boolean perRow = i >= 4 && i <= 6;
            Along expected = rows.at(i == 4 ? 0 : batch);
            boolean right = perRow
                    ? !step.has(i) || step.in(i).rows().equals(expected)
                    : step.in(i).along().isEmpty();
            if (!right) {
                return List.of(RowValue.lost("takes the rows for something else than rows"));
            }
        }
        return List.of(
                RowValue.along(rows.at(rowsFirst ? 0 : 2), step.unknown(4)),
                RowValue.along(rows, step.unknown(3)),
                RowValue.along(rows, step.unknown(3)));
    }
}
