package dev.slipway.graph;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a model's signature as the engine offers it. Initialisers that are inputs as well are optional inputs from IR 4
 * on; before, every initialiser had to be listed as an input and none can be overridden. A map output is a tensor of
 * its values and, under {@code name.keys}, one of its keys; a sequence output has one dimension more than its elements.
 */
final class SignatureReader {

    private static final long OVERRIDABLE_SINCE_IR = 4;

    private final OnnxModel model;
    private final Classes classes;

    SignatureReader(OnnxModel model, Classes classes) {
        this.model = model;
        this.classes = classes;
    }

    Signature signature() {
        List<TensorSpec> inputs = new ArrayList<>();
        List<TensorSpec> optional = new ArrayList<>();
        Set<String> initialized = model.graph().initializers().stream()
                .map(OnnxTensor::name)
                .collect(Collectors.toCollection(HashSet::new));
        model.graph().sparseInitializers().forEach(tensor -> initialized.add(tensor.name()));
        for (OnnxValue value : model.graph().inputs()) {
            if (!initialized.contains(value.name())) {
                inputs.add(input(value, false));
            } else if (model.irVersion() >= OVERRIDABLE_SINCE_IR) {
                optional.add(input(value, true));
            }
        }
        inputs.addAll(optional);
        List<TensorSpec> outputs = new ArrayList<>();
        model.graph().outputs().forEach(value -> output(value, outputs));
        try {
            return new Signature(inputs, outputs);
        } catch (IllegalArgumentException e) {
            throw new FailureException(Failure.BadInput.of("its " + e.getMessage()), e);
        }
    }

    /** A shape whose elements can be counted. */
    private static DeclaredShape countable(String what, DeclaredShape shape) {
        long elements = 1;
        for (Dimension dim : shape.dims()) {
            long size = dim instanceof Dimension.Fixed(long fixed) ? Math.max(1, fixed) : 1;
            if (elements > Long.MAX_VALUE / Long.BYTES / size) {
                throw new FailureException(
                        Failure.BadInput.of(what + " declares the shape " + shape + ", which no memory can hold"));
            }
            elements *= size;
        }
        return shape;
    }

    private static TensorSpec input(OnnxValue value, boolean optional) {
        String what = "input '" + value.name() + "'";
        return switch (value.type()) {
            case OnnxType.Tensor(int element, DeclaredShape shape) ->
                new TensorSpec(named(value, what), dataType(what, element), countable(what, shape), optional);
            case OnnxType.Sequence sequence -> throw unsupported(what, sequence);
            case OnnxType.Mapping mapping -> throw unsupported(what, mapping);
            case OnnxType.Optional given -> throw unsupported(what, given);
            case OnnxType.Sparse sparse -> throw unsupported(what, sparse);
            case OnnxType.Opaque opaque -> throw unsupported(what, opaque);
            case OnnxType.Unknown _ -> throw new FailureException(Failure.BadInput.of(what + " has no type"));
        };
    }

    private void output(OnnxValue value, List<TensorSpec> into) {
        String what = "output '" + value.name() + "'";
        String name = named(value, what);
        switch (value.type()) {
            case OnnxType.Tensor(int element, DeclaredShape shape) ->
                into.add(new TensorSpec(name, dataType(what, element), countable(what, shape)));
            case OnnxType.Sequence(OnnxType.Tensor(int element, DeclaredShape shape)) ->
                into.add(new TensorSpec(name, dataType(what, element), stacked(shape)));
            case OnnxType.Sequence(OnnxType.Mapping(int key, OnnxType.Tensor(int element, DeclaredShape each))) ->
                mapping(name, key, element, DeclaredShape.of(Dimension.UNKNOWN, keys(name)), into);
            case OnnxType.Mapping(int key, OnnxType.Tensor(int element, DeclaredShape each)) ->
                mapping(name, key, element, DeclaredShape.of(keys(name)), into);
            case OnnxType.Sequence sequence -> throw unsupported(what, sequence);
            case OnnxType.Mapping mapping -> throw unsupported(what, mapping);
            case OnnxType.Optional given -> throw unsupported(what, given);
            case OnnxType.Sparse sparse -> throw unsupported(what, sparse);
            case OnnxType.Opaque opaque -> throw unsupported(what, opaque);
            case OnnxType.Unknown _ -> throw new FailureException(Failure.BadInput.of(what + " has no type"));
        }
    }

    private void mapping(String name, int key, int element, DeclaredShape shape, List<TensorSpec> into) {
        into.add(new TensorSpec(name, dataType("output '" + name + "'", element), shape));
        into.add(new TensorSpec(
                name + ".keys", dataType("keys of output '" + name + "'", key), DeclaredShape.of(keys(name))));
    }

    private Dimension keys(String output) {
        int count = classes.zipped(output).size();
        return count == 0 ? Dimension.UNKNOWN : Dimension.of(count);
    }

    private static DeclaredShape stacked(DeclaredShape element) {
        if (!element.ranked()) {
            return DeclaredShape.ANY;
        }
        List<Dimension> dims = new ArrayList<>();
        dims.add(Dimension.UNKNOWN);
        dims.addAll(element.dims());
        return new DeclaredShape(true, dims);
    }

    private static String named(OnnxValue value, String what) {
        if (value.name().isEmpty()) {
            throw new FailureException(
                    Failure.BadInput.of("an " + what.substring(0, what.indexOf(' ')) + " has no name"));
        }
        return value.name();
    }

    private static DataType dataType(String what, int element) {
        if (element == 0) {
            throw new FailureException(Failure.BadInput.of(what + " has no element type"));
        }
        return ElementType.of(element)
                .flatMap(ElementType::dataType)
                .orElseThrow(() -> new FailureException(new Failure.Unsupported(what + " has elements of type "
                        + ElementType.word(element) + ", which no protocol carries: cast it in the graph")));
    }

    private static FailureException unsupported(String what, OnnxType type) {
        return new FailureException(new Failure.Unsupported(
                what + " is " + word(type) + ", which is not supported: export the model with plain tensors"));
    }

    private static String word(OnnxType type) {
        return switch (type) {
            case OnnxType.Tensor tensor -> "tensor(" + ElementType.word(tensor.element()) + ")";
            case OnnxType.Sparse sparse -> "sparse_tensor(" + ElementType.word(sparse.element()) + ")";
            case OnnxType.Sequence(OnnxType element) -> "seq(" + word(element) + ")";
            case OnnxType.Mapping(int key, OnnxType value) -> "map(" + ElementType.word(key) + "," + word(value) + ")";
            case OnnxType.Optional(OnnxType element) -> "optional(" + word(element) + ")";
            case OnnxType.Opaque(String domain, String name) -> "opaque(" + domain + "," + name + ")";
            case OnnxType.Unknown _ -> "undefined";
        };
    }
}
