package dev.slipway.core;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A step of a pipeline as a manifest names it.
 *
 * @param arguments by name; values are strings, numbers, booleans, or lists of these. A step written with one bare
 *     value ({@code {scale: 0.5}}) has it under {@code value}
 */
public record StepSpec(String name, Map<String, Object> arguments) {
    public StepSpec {
        arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
    }
}
