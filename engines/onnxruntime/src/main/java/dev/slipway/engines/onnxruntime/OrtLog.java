package dev.slipway.engines.onnxruntime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ONNX Runtime logs, passed on to SLF4J. Its errors come at debug level: each also comes back as a status, which is
 * reported to whoever asked, and one bad request more must not be one log line more.
 */
final class OrtLog {

    static final int INFO = 1;
    static final int WARNING = 2;

    /** Who hears the messages below warnings of the session that this thread makes. */
    static final ScopedValue<Consumer<String>> HEARER = ScopedValue.newInstance();

    private static final int FATAL = 4;
    private static final Logger LOG = LoggerFactory.getLogger("dev.slipway.engines.onnxruntime");
    private static final FunctionDescriptor FUNCTION =
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    private OrtLog() {}

    /** A C function that logs. It is never freed: the runtime may call it as long as any user of it in the process. */
    static MemorySegment function() {
        try {
            MethodHandle handle = MethodHandles.lookup()
                    .findStatic(
                            OrtLog.class,
                            "log",
                            MethodType.methodType(
                                    void.class,
                                    MemorySegment.class,
                                    int.class,
                                    MemorySegment.class,
                                    MemorySegment.class,
                                    MemorySegment.class,
                                    MemorySegment.class));
            return Linker.nativeLinker().upcallStub(handle, FUNCTION, Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unused") // called by ONNX Runtime
    private static void log(
            MemorySegment parameter,
            int severity,
            MemorySegment category,
            MemorySegment id,
            MemorySegment location,
            MemorySegment message) {
        try {
            if (severity < WARNING) {
                if (HEARER.isBound()) {
                    HEARER.get().accept(OrtApi.text(message.address()));
                }
            } else if (severity >= FATAL) {
                LOG.error("{} {}", OrtApi.text(location.address()), OrtApi.text(message.address()));
            } else if (LOG.isDebugEnabled()) {
                LOG.debug("{} {}", OrtApi.text(location.address()), OrtApi.text(message.address()));
            }
        } catch (Throwable _) {
            // Neither an exception nor an error may cross into native code.
        }
    }
}
