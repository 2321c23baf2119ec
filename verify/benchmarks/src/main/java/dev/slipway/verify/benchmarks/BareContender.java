package dev.slipway.verify.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.Shape;
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
import java.nio.file.StandardCopyOption;
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
        this(model, folder, 1);
    }

    /**
     * Loads the model for itself.
     *
     * @param folder where the native library is laid
     * @param threads of one run inside the engine
     */
    BareContender(BenchmarkModel model, Path folder, int threads) {
        SymbolLookup library = SymbolLookup.libraryLookup(library(folder), Arena.global());
        MemorySegment base = at(call(library.findOrThrow("OrtGetApiBase"), 0), 16);
        this.table = at(call(base.get(ADDRESS, 0), 28), 8 * 200);
        this.run = table.getAtIndex(ADDRESS, 9);
        MemorySegment out = arena.allocate(JAVA_LONG);
        function(3, 2, text("bare"), out.address());
        long env = out.get(JAVA_LONG, 0);
        function(10, out.address());
        long options = out.get(JAVA_LONG, 0);
        function(24, options, threads);
        function(7, env, text(model.file().toString()), options, out.address());
        this.session = out.get(JAVA_LONG, 0);
        function(69, 1, 0, out.address());
        long memory = out.get(JAVA_LONG, 0);
        MemorySegment input = arena.allocate(JAVA_FLOAT, model.width());
        for (int i = 0; i < model.width(); i++) {
            input.setAtIndex(JAVA_FLOAT, i, model.values().get(i));
        }
        this.output = arena.allocate(JAVA_FLOAT, model.outputShape().elements());
        this.inputName = pointerTo(text(model.input()));
        this.outputName = pointerTo(text(model.output()));
        this.inputValue = pointerTo(tensor(memory, input, model.inputShape(), out));
        this.outputValue = pointerTo(tensor(memory, output, model.outputShape(), out));
    }

    private static Path library(Path folder) {
        Path file = folder.resolve("libonnxruntime.so");
        try (InputStream in =
                BareContender.class.getResourceAsStream("/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
            if (!Files.exists(file)) {
                Path copy = Files.createTempFile(folder, "libonnxruntime", ".so");
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
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

    private long tensor(long memory, MemorySegment data, Shape shape, MemorySegment out) {
        long dims = arena.allocateFrom(JAVA_LONG, shape.toArray()).address();
        function(49, memory, data.address(), data.byteSize(), dims, shape.rank(), 1, out.address());
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
