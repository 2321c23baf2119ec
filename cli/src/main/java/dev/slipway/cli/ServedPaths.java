package dev.slipway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What {@code slipway serve PATH} serves: the path itself when it is a file or a package, else each package in it. A
 * folder is a package when it has a {@code model.yaml}, a single model file, or folders named by version numbers.
 */
final class ServedPaths {

    private ServedPaths() {}

    static List<Path> of(Path path) throws IOException {
        if (Files.isRegularFile(path) || isPackage(path)) {
            return List.of(path);
        }
        List<Path> packages = new ArrayList<>();
        for (Path child : children(path)) {
            if (isModel(child) || (Files.isDirectory(child) && isPackage(child))) {
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

    private static boolean isPackage(Path folder) throws IOException {
        List<Path> children = children(folder);
        return children.stream().anyMatch(ServedPaths::describes)
                || children.stream().filter(ServedPaths::isModel).count() == 1
                || children.stream().anyMatch(ServedPaths::isVersion);
    }

    private static boolean describes(Path file) {
        String name = file.getFileName().toString();
        return (name.equals("model.yaml") || name.equals("model.yml")) && Files.isRegularFile(file);
    }

    private static boolean isModel(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".onnx") && Files.isRegularFile(file);
    }

    private static boolean isVersion(Path folder) {
        return folder.getFileName().toString().matches("[1-9]\\d{0,18}") && Files.isDirectory(folder);
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(child -> !child.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
