package dev.slipway.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One use of an operator, with what is known of its inputs. */
final class RowStep {

    private final OnnxNode node;
    private final long opset;
    private final List<Optional<RowValue>> inputs;
    private final IntSupplier unused;
    private final boolean open;

    /**
     * A use of an operator.
     *
     * @param opset the version of ONNX's own operators
     * @param inputs empty for one left out
     * @param open whether requests differ in other sizes than the number of rows
     * @param unused gives numbers to name what is not known by, another each time
     */
    RowStep(OnnxNode node, long opset, List<Optional<RowValue>> inputs, boolean open, IntSupplier unused) {
        this.node = node;
        this.opset = opset;
        this.inputs = List.copyOf(inputs);
        this.open = open;
        this.unused = unused;
    }

    OnnxNode node() {
        return node;
    }

    long opset() {
        return opset;
    }

    Stream<RowValue> inputs() {
        return inputs.stream().flatMap(Optional::stream);
    }

    boolean open() {
        return open;
    }

    int count() {
        return inputs.size();
    }

    boolean has(int input) {
        return input < inputs.size() && inputs.get(input).isPresent();
    }

    /** An input; one left out is a single number of which nothing is known. */
    RowValue in(int input) {
        return has(input) ? inputs.get(input).get() : RowValue.same(List.of());
    }

    /** The same with another first input. */
    RowStep with(RowValue first) {
        List<Optional<RowValue>> others = new ArrayList<>(inputs);
        others.set(0, Optional.of(first));
        return new RowStep(node, opset, others, open, unused);
    }

    /** A size of which nothing is known. */
    Extent unknown() {
        return Extent.named("?" + unused.getAsInt());
    }

    /** A size as it was asked for; one that may be less than none is unknown, unless it counts rows. */
    Extent told(Extent size) {
        return size.size() || size.countsRows() ? size : unknown();
    }

    List<Extent> unknown(int dims) {
        return Stream.generate(this::unknown).limit(dims).toList();
    }

    /** A number of which nothing is known, not even that it is a size. */
    Extent unknownNumber() {
        return Extent.named(Extent.NUMBER + unused.getAsInt());
    }

    /** The elements of an input, when they are known and independent of the number of rows; null otherwise. */
    @Nullable
    List<Long> plain(int input) {
        List<Extent> numbers = in(input).numbers();
        return numbers != null && numbers.stream().allMatch(Extent::plain)
                ? numbers.stream().map(Extent::number).toList()
                : null;
    }

    /**
     * Whole numbers from an attribute or, as later opsets have it, from an input; null when they are computed.
     *
     * @param otherwise for when there is neither
     */
    @Nullable
    List<Long> given(String attribute, int input, @Nullable List<Long> otherwise) {
        if (node.attribute(attribute).isPresent()) {
            return node.attribute(attribute)
                    .filter(OnnxAttribute::whole)
                    .map(OnnxAttribute::integers)
                    .orElse(null);
        }
        return has(input) ? plain(input) : otherwise;
    }

    /** An axis counted from the front; -1 when there is none such. */
    static int axis(long axis, int rank) {
        long front = axis < 0 ? axis + rank : axis;
        return front >= 0 && front < rank ? (int) front : -1;
    }

    /** Axes counted from the front; null when there are none such. */
    static @Nullable List<Integer> axes(@Nullable List<Long> axes, int rank) {
        if (axes == null) {
            return null;
        }
        List<Integer> front = new ArrayList<>();
        for (long axis : axes) {
            front.add(axis(axis, rank));
        }
        return front.contains(-1) ? null : front;
    }
}
