package dev.slipway.engines.onnxruntime;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.util.Locale;

/**
 * An operating system and processor for which the official jar holds the runtime.
 *
 * @param folder the jar's word for it
 * @param library the file name of the shared library there
 */
record NativePlatform(String folder, String library) {

    /**
     * The platform of these {@code os.name} and {@code os.arch}.
     *
     * @throws FailureException {@code Unsupported} for any other than the four in the jar
     */
    static NativePlatform of(String os, String architecture) {
        String system = os.toLowerCase(Locale.ROOT);
        String processor = architecture.toLowerCase(Locale.ROOT);
        boolean x64 = processor.equals("amd64") || processor.equals("x86_64");
        boolean aarch64 = processor.equals("aarch64") || processor.equals("arm64");
        if (system.contains("linux") && x64) {
            return new NativePlatform("linux-x64", "libonnxruntime.so");
        }
        if (system.contains("linux") && aarch64) {
            return new NativePlatform("linux-aarch64", "libonnxruntime.so");
        }
        if (system.contains("mac") && aarch64) {
            return new NativePlatform("osx-aarch64", "libonnxruntime.dylib");
        }
        if (system.contains("windows") && x64) {
            return new NativePlatform("win-x64", "onnxruntime.dll");
        }
        throw new FailureException(
                new Failure.Unsupported("ONNX Runtime comes for Linux (x64, aarch64), macOS (aarch64)"
                        + " and Windows (x64), not for " + os + " on " + architecture));
    }

    boolean windows() {
        return folder.startsWith("win");
    }

    String resource() {
        return "/ai/onnxruntime/native/" + folder + "/" + library;
    }
}
