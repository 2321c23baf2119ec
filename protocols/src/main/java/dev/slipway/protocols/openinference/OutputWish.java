package dev.slipway.protocols.openinference;

/**
 * How a client wants one output.
 *
 * @param binary as raw bytes after the JSON
 * @param classes as the best so many classes; 0: as it is
 */
record OutputWish(String name, boolean binary, long classes) {}
