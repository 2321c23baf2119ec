package dev.slipway.verify.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The least there is: ONNX Runtime's C function {@code Run} called on values made once (Linux on x64). Nothing is
 * checked and nothing is given back; places in the table as in the engine.
 */
final class BareContender implements Contender {

    private static final MethodHandle[] CALLS = new MethodHandle[9];
    private static final MethodHandle RUN = handle(8);

    static {
        for (int arguments = 1; arguments < CALLS.length; arguments++) {
            CALLS[arguments] = handle(arguments);
        }
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment table;
    private final MemorySegment run;
    private final MemorySegment output;
    private final long session;
    private final long inputName;
    private final long inputValue;
    private final long outputName;
    private final long outputValue;

    BareContender(BenchmarkModel model, Path folder) {
        SymbolLookup library = SymbolLookup.libraryLookup(library(folder), Arena.global());
        MemorySegment base = at(call(library.findOrThrow("OrtGetApiBase"), 0), 16);
        this.table = at(call(base.get(ADDRESS, 0), 28), 8 * 200);
        this.run = table.getAtIndex(ADDRESS, 9);
        MemorySegment out = arena.allocate(JAVA_LONG);
        function(3, 2, text("bare"), out.address());
        long env = out.get(JAVA_LONG, 0);
        function(10, out.address());
        long options = out.get(JAVA_LONG, 0);
        function(24, options, 1);
        function(7, env, text(model.file().toString()), options, out.address());
        this.session = out.get(JAVA_LONG, 0);
        function(69, 1, 0, out.address());
        long memory = out.get(JAVA_LONG, 0);
        MemorySegment input = arena.allocate(JAVA_FLOAT, model.width());
        for (int i = 0; i < model.width(); i++) {
            input.setAtIndex(JAVA_FLOAT, i, BenchmarkModel.value(i));
        }
        this.output = arena.allocate(JAVA_FLOAT, model.classes());
        this.inputName = pointerTo(text(model.input()));
        this.outputName = pointerTo(text(model.output()));
        this.inputValue = pointerTo(tensor(memory, input, out));
        this.outputValue = pointerTo(tensor(memory, output, out));
    }

    private static Path library(Path folder) {
        Path file = folder.resolve("libonnxruntime.so");
        try (InputStream in =
                BareContender.class.getResourceAsStream("/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
            if (!Files.exists(file)) {
                Files.copy(in, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MethodHandle handle(int arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments];
        Arrays.fill(layouts, JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, layouts));
    }

    private static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private long text(String text) {
        return arena.allocateFrom(text).address();
    }

    private long pointerTo(long pointer) {
        return arena.allocateFrom(JAVA_LONG, pointer).address();
    }

    private long tensor(long memory, MemorySegment data, MemorySegment out) {
        long shape = arena.allocateFrom(JAVA_LONG, 1, data.byteSize() / 4).address();
        function(49, memory, data.address(), data.byteSize(), shape, 2, 1, out.address());
        return out.get(JAVA_LONG, 0);
    }

    private void function(int place, long... arguments) {
        if (call(table.getAtIndex(ADDRESS, place), arguments) != 0) {
            throw new IllegalStateException("ONNX Runtime's function " + place + " failed");
        }
    }

    private static long call(MemorySegment function, long... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = function;
        for (int i = 0; i < arguments.length; i++) {
            all[i + 1] = arguments[i];
        }
        try {
            return (long) CALLS[arguments.length].invokeWithArguments(all);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void run() {
        try {
            long status =
                    (long) RUN.invokeExact(run, session, 0L, inputName, inputValue, 1L, outputName, 1L, outputValue);
            if (status != 0) {
                throw new IllegalStateException("the run failed");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float answer() {
        return output.get(JAVA_FLOAT, 0);
    }

    @Override
    public void close() {
        arena.close();
    }
}
