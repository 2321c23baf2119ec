package dev.slipway.engines.onnxruntime;

/** A status other than OK that ONNX Runtime gave back. */
final class OrtException extends RuntimeException {

    static final int NO_SUCH_FILE = 3;
    static final int INVALID_PROTOBUF = 7;
    static final int NOT_IMPLEMENTED = 9;

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String text;

    OrtException(int code, String text) {
        super("ONNX Runtime status " + code + ": " + text);
        this.code = code;
        this.text = text;
    }

    int code() {
        return code;
    }

    String text() {
        return text;
    }

    boolean says(String part) {
        return text.contains(part);
    }
}
