package dev.slipway.cli;

import dev.slipway.packages.PackageOpener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code slipway serve PATH} serves: the path itself when it is a file or one model, else each model in it.
 */
final class ServedPaths {

    private ServedPaths() {}

    static List<Path> of(Path path) throws IOException {
        if (Files.isRegularFile(path) || PackageOpener.isModel(path)) {
            return List.of(path);
        }
        List<Path> packages = new ArrayList<>();
        for (Path child : children(path)) {
            if (PackageOpener.isModel(child)) {
                packages.add(child);
            }
        }
        if (packages.isEmpty()) {
            throw new CommandFailure(
                    "there is no model in " + path,
                    "A model is an ONNX file, a folder with a model.yaml or one model file, or a folder of numbered versions.");
        }
        return packages;
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(child -> !child.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
