package dev.slipway.server;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.StorageFault;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystem;
import io.vertx.core.file.FileSystemException;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a body to a file of its own. The request waits until the file is open, and whenever the disk is behind. */
final class FileSink implements BodySink {

    private final Promise<Path> file = Promise.promise();
    private final HttpServerRequest request;
    private final FileSystem files;
    private final Path path;
    private final long limit;
    private final Consumer<Throwable> failed;
    private @Nullable AsyncFile open;
    private boolean abandoned;

    /** Done when every chunk is in the file: a body may end before the disk has said that it is full. */
    private Future<Void> written = Future.succeededFuture();

    /**
     * A file for a body, soon.
     *
     * @param failed is told when the file cannot be written
     */
    FileSink(Shared shared, HttpServerRequest request, Consumer<Throwable> failed) {
        this.request = request;
        this.files = shared.vertx().fileSystem();
        this.path = shared.uploads().resolve(UUID.randomUUID() + ".part");
        this.limit = shared.config().limits().upload().bytes();
        this.failed = failed;
    }

    Future<Path> file() {
        return file.future();
    }

    void open() {
        request.pause();
        files.open(path.toString(), new OpenOptions().setCreateNew(true).setRead(false))
                .onSuccess(this::opened)
                .onFailure(this::unstorable);
    }

    private void opened(AsyncFile opened) {
        if (abandoned) {
            delete(opened);
            return;
        }
        open = opened;
        opened.exceptionHandler(this::unstorable);
        request.resume();
    }

    @Override
    public void take(ByteBuffer chunk, long received) {
        if (received > limit) {
            throw new FailureException(
                    new Failure.TooLarge("body: more than the " + limit + " bytes that are allowed (limits.upload)"));
        }
        AsyncFile to = opened();
        Future<Void> write =
                to.write(BufferInternal.buffer(Unpooled.wrappedBuffer(chunk))).onFailure(this::unstorable);
        written = written.compose(_ -> write);
        if (to.writeQueueFull()) {
            request.pause();
            to.drainHandler(_ -> request.resume());
        }
    }

    private AsyncFile opened() {
        if (open == null) {
            throw new IllegalStateException("a body came before its file was open");
        }
        return open;
    }

    @Override
    public void finish() {
        AsyncFile to = opened();
        written.eventually(to::close).onSuccess(_ -> file.tryComplete(path)).onFailure(why -> {
            files.delete(path.toString());
            file.tryFail(unstored(why));
        });
    }

    @Override
    public void abandon(Throwable why) {
        abandoned = true;
        if (open != null) {
            delete(open);
        }
        file.tryFail(why);
    }

    private void delete(AsyncFile opened) {
        opened.close().onComplete(_ -> files.delete(path.toString()));
    }

    private void unstorable(Throwable why) {
        failed.accept(unstored(why));
    }

    private static FailureException unstored(Throwable why) {
        return new FailureException(StorageFault.of("the upload cannot be stored", cause(why)), why);
    }

    /** What the file system said, which Vert.x wraps. */
    private static Throwable cause(Throwable why) {
        Throwable cause = why.getCause();
        return why instanceof FileSystemException && cause != null ? cause : why;
    }
}
