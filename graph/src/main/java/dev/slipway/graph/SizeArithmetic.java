package dev.slipway.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Computes with the few whole numbers that exporters make shapes of, as far as they are known. */
final class SizeArithmetic {

    private static final Set<Long> WHOLE = Set.of((long) ElementType.INT32.number(), (long) ElementType.INT64.number());

    private SizeArithmetic() {}

    /** The numbers that a step gives; empty when it does not compute with numbers that are known. */
    static Optional<RowValue> of(RowStep step) {
        if (!step.node().domain().isEmpty()) {
            return Optional.empty();
        }
        return switch (step.node().operator()) {
            case "Shape" -> shape(step);
            case "Size" ->
                dims(step.in(0))
                        .map(dims -> Extent.product(dims)
                                .map(size -> RowValue.numbers(List.of(), List.of(size)))
                                .orElse(RowValue.COUNTED));
            case "Identity" -> kept(step);
            case "Cast" -> cast(step);
            case "Squeeze", "Unsqueeze", "Reshape" -> reshaped(step);
            case "Add" -> each(step, SizeArithmetic::sum);
            case "Sub" -> each(step, SizeArithmetic::difference);
            case "Mul" -> each(step, (a, b) -> told(a.times(b)));
            case "Div" -> each(step, SizeArithmetic::quotient);
            case "Max" -> each(step, (a, b) -> a.equals(b) ? a : plain(a, b, Math::max));
            case "Min" -> each(step, (a, b) -> a.equals(b) ? a : plain(a, b, Math::min));
            case "Equal" -> each(step, SizeArithmetic::equal);
            case "Greater" -> each(step, (a, b) -> plain(a, b, (x, y) -> x > y ? 1L : 0L));
            case "Less" -> each(step, (a, b) -> plain(a, b, (x, y) -> x < y ? 1L : 0L));
            case "And" -> each(step, (a, b) -> plain(a, b, (x, y) -> x & y));
            case "Or" -> each(step, (a, b) -> plain(a, b, (x, y) -> x | y));
            case "Where" -> where(step);
            case "Concat" -> concat(step);
            case "Gather" -> gather(step);
            case "Slice" -> slice(step);
            case "ReduceProd" -> product(step);
            case "ConstantOfShape" -> filled(step);
            default -> Optional.empty();
        };
    }

    private static Optional<List<Extent>> dims(RowValue value) {
        return Optional.ofNullable(value.dims());
    }

    private static Optional<List<Extent>> numbers(RowStep step, int input) {
        return step.in(input).dims() == null
                ? Optional.empty()
                : Optional.ofNullable(step.in(input).numbers());
    }

    /** The numbers of an input, those that are not known under names of their own; empty when even their count is not. */
    private static Optional<List<Extent>> named(RowStep step, RowValue value) {
        if (value.numbers() != null) {
            return Optional.of(value.numbers());
        }
        return Optional.ofNullable(value.dims())
                .filter(_ -> value.same())
                .flatMap(Extent::product)
                .filter(count -> count.plain() && count.number() <= RowValue.MOST)
                .map(count -> Stream.generate(step::unknownNumber)
                        .limit(Math.max(0, count.number()))
                        .toList());
    }

    private static Optional<RowValue> kept(RowStep step) {
        return numbers(step, 0).map(x -> RowValue.numbers(step.in(0).sizes(), x));
    }

    /** Numbers beyond 32 bits are others afterwards. */
    private static Optional<RowValue> cast(RowStep step) {
        long to = step.node().integer("to", 0);
        return !WHOLE.contains(to)
                ? Optional.empty()
                : kept(step)
                        .map(value -> to == ElementType.INT64.number()
                                ? value
                                : RowValue.numbers(
                                        value.sizes(),
                                        Objects.requireNonNull(value.numbers()).stream()
                                                .map(number -> told(Optional.of(number)) == null
                                                        ? step.unknownNumber()
                                                        : number)
                                                .toList()));
    }

    /** A result that is the same whether computed with 32 bits or 64; null for any other. */
    private static @Nullable Extent told(Optional<Extent> result) {
        return result.filter(number -> number.number() == (int) number.number()).orElse(null);
    }

    private static Optional<RowValue> shape(RowStep step) {
        return dims(step.in(0)).map(dims -> {
            int start = bound(step.node().integer("start", 0), dims.size());
            int end = bound(step.node().integer("end", dims.size()), dims.size());
            List<Extent> shape = dims.subList(Math.min(start, end), end);
            return RowValue.numbers(List.of(Extent.of(shape.size())), shape);
        });
    }

    private static int bound(long place, int size) {
        return Math.clamp(place < 0 ? place + size : place, 0, size);
    }

    private static Optional<RowValue> reshaped(RowStep step) {
        return numbers(step, 0).map(x -> {
            RowStep shell = step.with(RowValue.same(step.in(0).sizes()));
            RowValue moved = switch (step.node().operator()) {
                case "Squeeze" -> RowLayout.squeeze(shell);
                case "Unsqueeze" -> RowLayout.unsqueeze(shell);
                default -> RowLayout.reshape(shell);
            };
            return moved.dims() == null
                    ? x.stream().anyMatch(Extent::countsRows) ? RowValue.COUNTED : RowValue.UNKNOWN
                    : RowValue.numbers(moved.sizes(), x);
        });
    }

    private static @Nullable Extent sum(Extent a, Extent b) {
        return a.is(0) ? b : b.is(0) ? a : plain(a, b, Math::addExact);
    }

    private static @Nullable Extent difference(Extent a, Extent b) {
        return b.is(0) ? a : a.equals(b) ? Extent.of(0) : plain(a, b, Math::subtractExact);
    }

    private static @Nullable Extent quotient(Extent a, Extent b) {
        boolean rounds = a.plain() && b.plain() && !b.is(0);
        return !a.narrow()
                ? null
                : told(a.over(b).or(() -> rounds ? Optional.of(Extent.of(a.number() / b.number())) : Optional.empty()));
    }

    private static @Nullable Extent equal(Extent a, Extent b) {
        boolean apart = (a.size() && a.narrow() && below0(b)) || (b.size() && b.narrow() && below0(a));
        if (a.plain() && b.plain()) {
            return Extent.of(a.equals(b) ? 1 : 0);
        }
        return a.equals(b) ? Extent.ONE : apart ? Extent.of(0) : null;
    }

    private static boolean below0(Extent number) {
        return number.plain() && number.number() < 0;
    }

    private static @Nullable Extent plain(Extent a, Extent b, BinaryOperator<Long> operator) {
        try {
            return a.plain() && b.plain() ? told(Optional.of(Extent.of(operator.apply(a.number(), b.number())))) : null;
        } catch (ArithmeticException overflow) {
            return null;
        }
    }

    private interface Operator {
        @Nullable
        Extent of(Extent a, Extent b);
    }

    private static Optional<RowValue> each(RowStep step, Operator operator) {
        RowValue a = step.in(0);
        RowValue b = step.in(1);
        if (step.count() != 2 || (a.numbers() == null && b.numbers() == null)) {
            return Optional.empty();
        }
        return named(step, a)
                .flatMap(left -> named(step, b).flatMap(right -> spread(step, List.of(left, right))))
                .map(pairs -> collected(
                        step,
                        List.of(a, b),
                        pairs.stream()
                                .map(pair -> result(step, pair, operator.of(pair.get(0), pair.get(1))))
                                .toList()));
    }

    /** What cannot be told is a number under a name of its own, but none when it depends on the number of rows. */
    private static Optional<Extent> result(RowStep step, List<Extent> from, @Nullable Extent result) {
        return result == null && from.stream().anyMatch(Extent::countsRows)
                ? Optional.empty()
                : Optional.of(result == null ? step.unknownNumber() : result);
    }

    private static RowValue collected(RowStep step, List<RowValue> inputs, List<Optional<Extent>> results) {
        if (results.stream().anyMatch(Optional::isEmpty)) {
            return RowValue.COUNTED;
        }
        RowValue shape = RowBroadcast.of(
                step, inputs.stream().map(input -> RowValue.same(input.sizes())).toList());
        return RowValue.numbers(
                shape.sizes(), results.stream().map(Optional::orElseThrow).toList());
    }

    /** The numbers that stand beside each other, where lists of one number stand beside all of another. */
    private static Optional<List<List<Extent>>> spread(RowStep step, List<List<Extent>> lists) {
        int count = lists.stream().mapToInt(List::size).max().orElse(0);
        if (step.inputs()
                        .anyMatch(input -> input.dims() == null || input.sizes().size() > 1)
                || lists.stream().anyMatch(list -> list.size() != 1 && list.size() != count)) {
            return Optional.empty();
        }
        List<List<Extent>> beside = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i;
            beside.add(lists.stream()
                    .map(list -> list.get(list.size() == 1 ? 0 : at))
                    .toList());
        }
        return Optional.of(beside);
    }

    private static Optional<RowValue> where(RowStep step) {
        if (step.plain(0) == null) {
            return Optional.empty();
        }
        return named(step, step.in(1))
                .flatMap(yes -> named(step, step.in(2))
                        .flatMap(no -> numbers(step, 0).flatMap(choice -> spread(step, List.of(choice, yes, no)))))
                .map(triples -> collected(
                        step,
                        step.inputs().toList(),
                        triples.stream()
                                .map(triple ->
                                        Optional.of(triple.get(triple.getFirst().is(0) ? 2 : 1)))
                                .toList()));
    }

    private static Optional<RowValue> concat(RowStep step) {
        if (step.inputs().noneMatch(input -> input.numbers() != null)) {
            return Optional.empty();
        }
        List<Extent> all = new ArrayList<>();
        for (RowValue part : step.inputs().toList()) {
            List<Extent> numbers = named(step, part).orElse(null);
            if (numbers == null || part.sizes().size() != 1) {
                return Optional.empty();
            }
            all.addAll(numbers);
        }
        return Optional.of(RowValue.numbers(List.of(Extent.of(all.size())), all));
    }

    private static Optional<RowValue> gather(RowStep step) {
        List<Long> places = step.plain(1);
        if (places == null || step.in(1).dims() == null) {
            return Optional.empty();
        }
        return numbers(step, 0).filter(_ -> step.in(0).sizes().size() == 1).flatMap(x -> {
            List<Integer> axes = RowStep.axes(places, x.size());
            return axes == null
                    ? Optional.empty()
                    : Optional.of(RowValue.numbers(
                            step.in(1).sizes(), axes.stream().map(x::get).toList()));
        });
    }

    private static Optional<RowValue> slice(RowStep step) {
        List<Long> starts = step.given("starts", 1, null);
        List<Long> ends = step.given("ends", 2, null);
        List<Long> steps = step.has(4) ? step.plain(4) : List.of(1L);
        if (starts == null
                || ends == null
                || starts.size() != 1
                || ends.size() != 1
                || !List.of(1L).equals(steps)) {
            return Optional.empty();
        }
        return numbers(step, 0).filter(_ -> step.in(0).sizes().size() == 1).map(x -> {
            int start = bound(starts.getFirst(), x.size());
            int end = Math.max(start, bound(ends.getFirst(), x.size()));
            return RowValue.numbers(List.of(Extent.of(end - start)), x.subList(start, end));
        });
    }

    private static Optional<RowValue> product(RowStep step) {
        boolean scalar = step.node().integer("keepdims", 1) == 0;
        return numbers(step, 0)
                .filter(_ -> step.in(0).sizes().size() == 1 && step.node().integer("noop_with_empty_axes", 0) == 0)
                .map(x -> Optional.ofNullable(told(Extent.product(x)))
                        .map(size -> RowValue.numbers(scalar ? List.of() : List.of(Extent.ONE), List.of(size)))
                        .orElse(RowValue.COUNTED));
    }

    private static Optional<RowValue> filled(RowStep step) {
        OnnxTensor value =
                step.node().attribute("value").map(OnnxAttribute::tensor).orElse(null);
        List<Long> counts = step.plain(0);
        if (value == null
                || !WHOLE.contains((long) value.element())
                || value.integers().size() != 1) {
            return Optional.empty();
        }
        if (counts == null || counts.size() != 1) {
            return Optional.empty();
        }
        if (counts.getFirst() < 0 || counts.getFirst() > RowValue.MOST) {
            return Optional.empty();
        }
        Extent number = Extent.of(value.integers().getFirst());
        int count = counts.getFirst().intValue();
        return Optional.of(RowValue.numbers(List.of(Extent.of(count)), Collections.nCopies(count, number)));
    }
}
