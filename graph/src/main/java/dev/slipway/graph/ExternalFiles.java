package dev.slipway.graph;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** Checks the weight files that a model refers to: plain files beside or below it, large enough for what they hold. */
final class ExternalFiles {

    private final Path folder;

    ExternalFiles(Path folder) {
        this.folder = folder;
    }

    /** The files' names relative to the model's folder, in order. */
    List<String> checked(List<OnnxTensor> tensors) {
        TreeSet<String> files = new TreeSet<>();
        for (OnnxTensor tensor : tensors) {
            OnnxTensor.External external = tensor.external();
            if (external != null) {
                files.add(checked(tensor, external));
            }
        }
        return List.copyOf(files);
    }

    private String checked(OnnxTensor tensor, OnnxTensor.External external) {
        String location = external.location();
        String what = "tensor '" + tensor.name() + "': weight file '" + location + "'";
        Path file = resolved(what, location);
        long size = size(what, file);
        long length = external.length() >= 0 ? external.length() : expected(what, tensor);
        if (external.offset() > size || length > size - external.offset()) {
            throw bad(
                    what + " has " + size + " bytes, " + length + " from offset " + external.offset() + " are needed");
        }
        return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }

    private Path resolved(String what, String location) {
        if (location.isEmpty()) {
            throw bad(what + " has no location");
        }
        if (location.startsWith("/") || location.contains("\\") || location.matches("[A-Za-z]:.*")) {
            throw bad(what + " must be relative to the model's folder, with '/'");
        }
        try {
            Path path = folder.resolve(location);
            for (Path part : Path.of(location)) {
                if (part.toString().equals("..")) {
                    throw bad(what + " must not leave the model's folder by '..'");
                }
            }
            Path normal = path.normalize();
            if (normal.equals(folder.normalize())) {
                throw bad(what + " is the model's folder itself");
            }
            refuseLinks(what, normal);
            return normal;
        } catch (InvalidPathException e) {
            throw bad(what + " is not a path: " + e.getReason());
        }
    }

    private void refuseLinks(String what, Path file) {
        for (Path path = file; path != null && !path.equals(folder.normalize()); path = path.getParent()) {
            if (Files.isSymbolicLink(path)) {
                throw bad(what + " must not be or stand behind a symbolic link");
            }
        }
    }

    private static long size(String what, Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw bad(what + " is missing: put it beside the model, or send both as one archive");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw bad(what + " is not a plain file");
        }
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new FailureException(Failure.BadInput.of(what + " cannot be read: " + e.getMessage()), e);
        }
    }

    private static long expected(String what, OnnxTensor tensor) {
        long elements = tensor.elements();
        try {
            if (elements >= 0) {
                return ElementType.of(tensor.element())
                        .map(type -> type.bytes(elements))
                        .orElse(0L);
            }
        } catch (ArithmeticException e) {
            // said below
        }
        throw bad(what + " would hold the shape " + tensor.dims() + ", which is negative or too large to count");
    }

    private static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }
}
