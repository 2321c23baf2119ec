package dev.slipway.server.spi;

/** What a call needs its caller to be allowed. */
public enum Permission {
    /** Liveness and the like: anybody. */
    PUBLIC,
    /** Predictions and what describes models. */
    INFER,
    /** Everything that changes what serves, and what describes the server. */
    ADMINISTER
}
