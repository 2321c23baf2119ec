package dev.slipway.core;

/** Where a tensor's memory is. Only {@link #HOST} memory may be read through its segment. */
public enum Device {
    HOST
}
