package dev.slipway.testing.onnx;

import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One case of ONNX's backend test suite: a model with inputs and the outputs expected, each in a file.
 *
 * @param name as the list of recorded results has it, {@code node/test_abs/test_data_set_0}
 * @param folder of the data set; the model lies in the folder above
 */
public record BackendCase(String name, Path folder) {

    /** Unpacks the archive {@code fetched/onnx/backend.tar.gz} of test material; the cases in it, by name. */
    public static List<BackendCase> unpack(Path archive, Path into) {
        try {
            TarFile.unpack(archive, into);
            Path root = into.resolve("backend");
            try (Stream<Path> folders = Files.find(
                    root, 3, (path, _) -> path.getFileName().toString().startsWith("test_data_set_"))) {
                return folders.map(folder -> new BackendCase(
                                root.relativize(folder).toString().replace('\\', '/'), folder))
                        .sorted(Comparator.comparing(BackendCase::name))
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path model() {
        return folder.resolveSibling("model.onnx");
    }

    /** The inputs, named in the signature's order. */
    public List<NamedTensor> inputs(Signature signature, TensorPool pool) {
        return inputs(signature.inputs().stream().map(input -> input.name()).toList(), pool);
    }

    /** The inputs, as many as there are files, with names from the model's own order. */
    public List<NamedTensor> inputs(List<String> names, TensorPool pool) {
        return read("input_", names, pool);
    }

    /** The outputs expected, named in the signature's order; a sequence is stacked. */
    public List<NamedTensor> expected(Signature signature, TensorPool pool) {
        return expected(
                signature.outputs().stream().map(output -> output.name()).toList(), pool);
    }

    /** The outputs expected, with names from the model's own order; the keys of a map are passed over. */
    public List<NamedTensor> expected(List<String> names, TensorPool pool) {
        return read(
                "output_",
                names.stream().filter(name -> !name.endsWith(".keys")).toList(),
                pool);
    }

    private List<NamedTensor> read(String prefix, List<String> names, TensorPool pool) {
        List<NamedTensor> tensors = new ArrayList<>();
        try {
            for (int i = 0; i < names.size() && Files.exists(folder.resolve(prefix + i + ".pb")); i++) {
                byte[] bytes = Files.readAllBytes(folder.resolve(prefix + i + ".pb"));
                tensors.add(new NamedTensor(names.get(i), lease(TensorProto.read(ByteBuffer.wrap(bytes)), pool)));
            }
            return tensors;
        } catch (IOException e) {
            NamedTensor.closeAll(tensors);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            NamedTensor.closeAll(tensors);
            throw e;
        }
    }

    private static TensorLease lease(TensorProto proto, TensorPool pool) {
        if (proto.elements().isEmpty()) {
            return proto.lease(pool);
        }
        List<TensorLease> parts =
                proto.elements().stream().map(part -> part.lease(pool)).toList();
        try {
            return Closeness.stacked(parts, pool);
        } finally {
            parts.forEach(TensorLease::close);
        }
    }
}
