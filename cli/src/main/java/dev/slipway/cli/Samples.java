package dev.slipway.cli;

import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.Task;
import dev.slipway.json.Json;
import dev.slipway.serving.LoadedVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Inputs to try that lie in a package on this machine.
 *
 * @param directory what paths are shown relative to
 * @param folder the package; null where none is at hand
 * @param manifest what the package says of itself; null where none is at hand
 */
record Samples(
        Path directory, @Nullable Path folder, @Nullable Manifest manifest) {

    static Samples none(Path directory) {
        return new Samples(directory, null, null);
    }

    /** The samples of a model, where its package is one of {@code packages}. */
    static Samples of(Path directory, List<Path> packages, LoadedVersion version) {
        String model = version.model().name();
        return packages.stream()
                .filter(folder -> folder.getFileName().toString().equals(model))
                .filter(Files::isDirectory)
                .findFirst()
                .map(folder -> new Samples(directory, folder, version.manifest()))
                .orElseGet(() -> none(directory));
    }

    /** An image in the package of a model that takes images. */
    Optional<String> image() {
        return folder == null || manifest == null || manifest.task() != Task.IMAGE_CLASSIFICATION
                ? Optional.empty()
                : firstImage(folder)
                        .map(file -> (file.startsWith(directory) ? directory.relativize(file) : file).toString());
    }

    /** The input of the package's first golden line. */
    Optional<Object> golden() {
        String golden = manifest == null ? null : manifest.checks().golden();
        return folder == null || golden == null ? Optional.empty() : firstInput(folder.resolve(golden));
    }

    private static Optional<Path> firstImage(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(file -> file.toString().matches(".*\\.(png|jpe?g|webp|bmp|gif)"))
                    .min(Path::compareTo);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> firstInput(Path golden) {
        try (Stream<String> lines = Files.lines(golden)) {
            return lines.findFirst()
                    .map(line -> Document.of(Json.parse(line)).members().get("input"));
        } catch (IOException | FailureException e) {
            return Optional.empty();
        }
    }
}
