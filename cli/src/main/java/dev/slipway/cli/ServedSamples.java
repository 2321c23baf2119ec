package dev.slipway.cli;

import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Inputs to try that lie in the packages which were given to serve.
 *
 * @param directory what paths are shown relative to
 */
record ServedSamples(Path directory, List<Path> packages) {

    ServedSamples {
        packages = List.copyOf(packages);
    }

    /** An image in the package of a model. */
    Optional<String> image(String model) {
        return folder(model)
                .flatMap(ServedSamples::firstImage)
                .map(file -> (file.startsWith(directory) ? directory.relativize(file) : file).toString());
    }

    /** The input of the first golden line of a model's package. */
    Optional<Object> golden(String model, Manifest manifest) {
        String golden = manifest.checks().golden();
        return golden == null ? Optional.empty() : folder(model).flatMap(folder -> firstInput(folder.resolve(golden)));
    }

    private Optional<Path> folder(String model) {
        return packages.stream()
                .filter(Files::isDirectory)
                .filter(folder -> folder.getFileName().toString().equals(model))
                .findFirst();
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
