package dev.slipway.protocols.slipway;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.deployment.Scratch;
import dev.slipway.registry.ArtifactStore;
import dev.slipway.server.spi.Exchange;
import dev.slipway.server.spi.Permission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Large files ahead of a version. {@code PUT} with {@code Content-Range} brings a part: parts come in order, and a
 * {@code HEAD} tells in {@code Upload-Offset} where to go on. What nobody has gone on with for an hour is dropped when
 * another part comes.
 */
final class BlobRoutes {

    private static final Pattern DIGEST = Pattern.compile("(?:sha256:)?([0-9a-fA-F]{64})");
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private static final Duration PATIENCE = Duration.ofHours(1);

    private final ArtifactStore artifacts;
    private final Map<String, Path> begun = new ConcurrentHashMap<>();

    BlobRoutes(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    /** A part of a blob: its first byte's place, the place after its last, and the whole size. */
    private record Range(long from, long until, long total) {}

    /** What came of an upload. */
    private sealed interface Outcome {}

    private record Stored(boolean before) implements Outcome {}

    private record Partly(long here) implements Outcome {}

    void mount(Api api) {
        api.route(HttpMethod.HEAD, "/blobs/{digest}", Permission.ADMINISTER, (exchange, _) -> head(exchange));
        api.route(HttpMethod.GET, "/blobs/{digest}", Permission.ADMINISTER, (exchange, _) -> head(exchange));
        api.route(HttpMethod.PUT, "/blobs/{digest}", Permission.ADMINISTER, (exchange, _) -> put(exchange));
    }

    static String digest(String text) {
        Matcher matcher = DIGEST.matcher(text);
        if (!matcher.matches()) {
            throw new FailureException(
                    Failure.BadInput.of("digest '" + text + "' must be sha256: and 64 hexadecimal digits"));
        }
        return "sha256:" + matcher.group(1).toLowerCase(Locale.ROOT);
    }

    private void head(Exchange exchange) {
        Query.of(exchange);
        String digest = digest(exchange.path("digest"));
        exchange.await(exchange.blocking(() -> artifacts.has(digest) ? -1L : received(digest)), offset -> {
            if (offset == -1) {
                Documents.answer(exchange, 200, Map.of("digest", digest));
            } else {
                exchange.responseHeader("Upload-Offset", Long.toString(offset));
                ProblemDocument.answer(exchange, 404, "Not found", "blob " + digest + " is not here");
            }
        });
    }

    private long received(String digest) throws IOException {
        Path part = begun.get(digest);
        return part == null || !Files.exists(part) ? 0 : Files.size(part);
    }

    private void put(Exchange exchange) {
        Query.of(exchange);
        String digest = digest(exchange.path("digest"));
        Range range = range(exchange);
        exchange.await(
                exchange.upload(range == null ? 0 : range.total()),
                file -> exchange.await(
                        exchange.blocking(() -> take(digest, range, file)),
                        outcome -> answer(exchange, digest, outcome)));
    }

    private static void answer(Exchange exchange, String digest, Outcome outcome) {
        switch (outcome) {
            case Stored(boolean before) -> {
                exchange.responseHeader("Location", "/api/v1/blobs/" + digest);
                Documents.answer(exchange, before ? 200 : 201, Map.of("digest", digest));
            }
            case Partly(long here) -> {
                exchange.responseHeader("Upload-Offset", Long.toString(here));
                exchange.respond(202, "application/json", Buffer.buffer("{}"));
            }
        }
    }

    private static @Nullable Range range(Exchange exchange) {
        String given = exchange.header("Content-Range");
        if (given == null) {
            return null;
        }
        Matcher matcher = RANGE.matcher(given.strip());
        if (matcher.matches()) {
            Range range = new Range(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)) + 1,
                    Long.parseLong(matcher.group(3)));
            if (range.from() < range.until() && range.until() <= range.total()) {
                return range;
            }
        }
        throw new FailureException(
                Failure.BadInput.of("header Content-Range: '" + given + "' must be like 'bytes 0-1048575/4194304'"));
    }

    /** Keeps what came. */
    private Outcome take(String digest, @Nullable Range range, Path file) throws IOException {
        try {
            if (artifacts.has(digest)) {
                return new Stored(true);
            }
            if (range == null) {
                store(digest, file);
                return new Stored(false);
            }
            return append(digest, range, file);
        } finally {
            Scratch.discard(file);
        }
    }

    private synchronized Outcome append(String digest, Range range, Path file) throws IOException {
        dropForsaken(digest);
        long here = received(digest);
        if (range.from() != here) {
            throw new FailureException(new Failure.Conflict("blob " + digest + ": " + here
                    + " bytes are here, the part given begins at " + range.from() + "; go on at " + here));
        }
        if (Files.size(file) != range.until() - range.from()) {
            throw new FailureException(Failure.BadInput.of("blob " + digest + ": " + Files.size(file)
                    + " bytes given, Content-Range says " + (range.until() - range.from())));
        }
        Path part = begun.computeIfAbsent(
                digest, name -> file.resolveSibling("blob-" + name.substring("sha256:".length()) + ".part"));
        if (here == 0) {
            Files.deleteIfExists(part);
        }
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long at = 0; at < from.size(); ) {
                at += from.transferTo(at, from.size() - at, to);
            }
        }
        if (range.until() < range.total()) {
            return new Partly(range.until());
        }
        begun.remove(digest);
        try {
            store(digest, part);
            return new Stored(false);
        } finally {
            Scratch.discard(part);
        }
    }

    /** Drops what was begun and not gone on with, other than one that goes on now. */
    private void dropForsaken(String but) throws IOException {
        FileTime past = FileTime.from(Instant.now().minus(PATIENCE));
        for (String digest : List.copyOf(begun.keySet())) {
            Path part = begun.get(digest);
            if (part != null
                    && !digest.equals(but)
                    && (!Files.exists(part) || Files.getLastModifiedTime(part).compareTo(past) < 0)) {
                begun.remove(digest);
                Scratch.discard(part);
            }
        }
    }

    private void store(String digest, Path file) throws IOException {
        String given = artifacts.put(file).digest();
        if (!given.equals(digest)) {
            throw new FailureException(
                    Failure.BadInput.of("blob " + digest + ": the bytes given have the digest " + given));
        }
    }
}
