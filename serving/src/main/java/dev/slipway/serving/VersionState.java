package dev.slipway.serving;

/** Where a version stands on this server. */
public enum VersionState {
    REGISTERED,
    LOADING,
    READY,
    UNLOADING,
    UNLOADED,
    FAILED
}
