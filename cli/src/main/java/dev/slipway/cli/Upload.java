package dev.slipway.cli;

import dev.slipway.core.FailureException;
import dev.slipway.core.Sha256;
import dev.slipway.graph.OnnxReader;
import dev.slipway.json.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Brings what is at a path to the server. A single file goes as it is, unless it is large; large files, a folder, and a
 * model with weights beside it go as blobs in parts, of which only those are sent that the server does not have yet, and a
 * list of them.
 */
final class Upload {

    /** The size of a part, and of the largest file that goes whole. */
    private static final long PART = 64 << 20;

    private static final int ATTEMPTS = 5;

    private final Api api;
    private final Progress progress;

    Upload(Api api, Progress progress) {
        this.api = api;
        this.progress = progress;
    }

    /**
     * Sends a path to where versions are made.
     *
     * @param versions the API's path, with its query but without {@code filename}
     */
    Api.Answer send(Path path, String versions) throws IOException {
        String target = versions + "&filename=" + Api.encode(path.getFileName().toString());
        Path folder = Files.isDirectory(path) ? path : path.resolveSibling("");
        List<Path> files = Files.isDirectory(path) ? contents(path) : withWeights(path);
        if (files.size() == 1 && files.getFirst().equals(path) && !large(path)) {
            BodyPublisher body = file(path, path.getFileName().toString());
            return api.send("POST", target, body, "application/octet-stream");
        }
        List<Map<String, Object>> list = new ArrayList<>();
        for (Path file : files) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", name);
            entry.put("digest", "sha256:" + blob(file, name));
            list.add(entry);
        }
        progress.show("checking and loading");
        return api.send("POST", target, BodyPublishers.ofString(Json.write(Map.of("files", list))), "application/json");
    }

    /** Whether a single file goes in parts: an archive does not, as the server opens it where it comes. */
    private static boolean large(Path file) throws IOException {
        return Files.size(file) > PART && OnnxReader.looksLikeOnnx(file);
    }

    /** Everything below a folder but what is hidden. */
    private static List<Path> contents(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> files = walk.filter(file -> visible(folder.relativize(file)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new CommandFailure("the folder " + folder + " is empty");
            }
            return files;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean visible(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }

    /** A model and the weights that it keeps in other files. What cannot be read here, the server will judge. */
    private static List<Path> withWeights(Path model) {
        List<Path> files = new ArrayList<>(List.of(model));
        try {
            if (OnnxReader.looksLikeOnnx(model)) {
                for (String weights : new OnnxReader().inspect(model).externalFiles()) {
                    files.add(model.resolveSibling(weights));
                }
            }
        } catch (FailureException e) {
            return List.of(model);
        }
        return files;
    }

    private String blob(Path file, String name) throws IOException {
        progress.show("reading " + name);
        String hex = sha256(file);
        String path = "/api/v1/blobs/" + hex;
        int attempts = 0;
        for (long here = api.received(path); here >= 0; here = api.received(path)) {
            try {
                sendFrom(here, path, file, name);
            } catch (IOException e) {
                if (++attempts == ATTEMPTS) {
                    throw new CommandFailure(
                            api.broken(e), "Repeat the command: what has come of " + name + " is not sent again.");
                }
            }
        }
        return hex;
    }

    /** Sends a blob from a place to its end. */
    private void sendFrom(long here, String path, Path file, String name) throws IOException {
        long size = Files.size(file);
        if (size == 0) {
            api.send("PUT", path, BodyPublishers.noBody(), "application/octet-stream");
        }
        for (long from = here; from < size; from += PART) {
            long until = Math.min(size, from + PART);
            api.sendPart(path, part(file, name, from, until), "bytes " + from + "-" + (until - 1) + "/" + size);
        }
    }

    private BodyPublisher file(Path file, String name) throws IOException {
        long size = Files.size(file);
        return size == 0 ? BodyPublishers.noBody() : part(file, name, 0, size);
    }

    private BodyPublisher part(Path file, String name, long from, long until) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> counted(file, name, from, until)), until - from);
    }

    private InputStream counted(Path file, String name, long from, long until) {
        try {
            long size = Files.size(file);
            InputStream content = Files.newInputStream(file);
            content.skipNBytes(from);
            return new FilterInputStream(content) {
                private long sent = from;

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int most = (int) Math.min(length, until - sent);
                    int read = most == 0 ? -1 : super.read(buffer, offset, most);
                    sent += Math.max(read, 0);
                    progress.show("sending " + name, sent, size);
                    return read;
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return Sha256.hex(bytes);
        }
    }
}
