package dev.slipway.graph;

/** A value of a graph by name: an input, an output, or one in between. */
record OnnxValue(String name, OnnxType type) {}
