package dev.slipway.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named argument of an operator. Lists of floats are not kept, other lists only up to {@value #KEPT_ELEMENTS}
 * elements.
 *
 * @param whole whether the lists are complete
 * @param reference whether it stands for an attribute of the call of the function around it
 */
record OnnxAttribute(
        String name,
        @Nullable Long integer,
        @Nullable String text,
        @Nullable OnnxTensor tensor,
        List<Long> integers,
        List<String> texts,
        List<OnnxGraph> graphs,
        boolean whole,
        boolean reference) {

    static final int KEPT_ELEMENTS = 65_536;

    public OnnxAttribute {
        integers = List.copyOf(integers);
        texts = List.copyOf(texts);
        graphs = List.copyOf(graphs);
    }
}
