package dev.slipway.engines.onnxruntime;

/** A native session and its arena. */
record OpenedSession(OrtApi api, long handle, SessionArena arena) {

    void free() {
        api.release(OrtFunction.RELEASE_SESSION, handle);
        arena.free();
    }
}
