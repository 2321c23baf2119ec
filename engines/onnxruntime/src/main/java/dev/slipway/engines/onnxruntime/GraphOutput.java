package dev.slipway.engines.onnxruntime;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * An output of a graph and the one or two tensors that stand for it: a map or a sequence of maps is its values under its
 * own name and its keys under {@code name.keys}; a sequence of tensors is those stacked.
 */
final class GraphOutput {

    private final long name;
    private final DeclaredValue declared;
    private final OutputShape shape;
    private volatile boolean bindable;

    /**
     * An output.
     *
     * @param name its name as a C string
     */
    GraphOutput(long name, DeclaredValue declared, OutputShape shape) {
        this.name = name;
        this.declared = declared;
        this.shape = shape;
        this.bindable = declared.form() == DeclaredValue.Form.TENSOR
                && declared.dataType() != DataType.BYTES
                && shape.predictable();
    }

    long name() {
        return name;
    }

    DeclaredValue declared() {
        return declared;
    }

    OutputShape shape() {
        return shape;
    }

    /** Whether memory for it may be handed to the runtime before a run. */
    boolean bindable() {
        return bindable;
    }

    /** Remembers that its declared shape is not what the model gives. */
    void neverBind() {
        bindable = false;
    }

    static String keysOf(String name) {
        return name + ".keys";
    }

    /** The tensors that a signature shows for a declared output. */
    static List<TensorSpec> specs(DeclaredValue declared) {
        DataType type = declared.dataType();
        DataType keyType = declared.keyType();
        List<TensorSpec> specs = new ArrayList<>(2);
        Dimension keys = Dimension.of(keysOf(declared.name()));
        specs.add(new TensorSpec(
                declared.name(),
                type,
                switch (declared.form()) {
                    case TENSOR -> declared.shape();
                    case TENSORS -> stacked(declared.shape());
                    case MAP -> DeclaredShape.of(keys);
                    case MAPS -> DeclaredShape.of(Dimension.UNKNOWN, keys);
                }));
        if (keyType != null) {
            specs.add(new TensorSpec(keysOf(declared.name()), keyType, DeclaredShape.of(keys)));
        }
        return specs;
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
}
