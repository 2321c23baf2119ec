package dev.slipway.bench;

import java.util.Locale;

/** How the requests of a run are written. */
public enum Protocol {
    /** V2 REST, tensors as numbers in JSON. */
    JSON,
    /** V2 REST, tensors as bytes behind the JSON (the binary tensor data extension), asked for and answered. */
    BINARY,
    /** V2 over gRPC, tensors as raw contents. */
    GRPC;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
