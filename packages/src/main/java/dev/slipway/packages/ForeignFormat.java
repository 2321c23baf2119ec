package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.graph.OnnxReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A format that is known but does not run here, recognised by content, with the way to ONNX. */
enum ForeignFormat {
    TORCHSCRIPT("a TorchScript archive", "export the module with torch.onnx.export"),
    TORCH_STATE("a PyTorch state or module saved by torch.save", "load it in Python and use torch.onnx.export"),
    TORCHSERVE("a TorchServe archive", "export the model inside with torch.onnx.export"),
    PICKLE("a Python pickle or joblib file", "export it with skl2onnx (scikit-learn) or torch.onnx.export (PyTorch)"),
    KERAS("a Keras model", "convert it with tf2onnx or keras.Model.export(format='onnx')"),
    HDF5(
            "an HDF5 file, probably of Keras",
            "convert it with python -m tf2onnx.convert --keras FILE --output model.onnx"),
    TFLITE("a TensorFlow Lite model", "convert it with python -m tf2onnx.convert --tflite FILE --output model.onnx"),
    ORT("ONNX Runtime's own .ort format", "deploy the .onnx file that it was made from"),
    SAVED_MODEL(
            "a TensorFlow SavedModel",
            "convert it with python -m tf2onnx.convert --saved-model DIR --output model.onnx"),
    FROZEN_GRAPH(
            "a TensorFlow graph", "convert it with python -m tf2onnx.convert --graphdef FILE --inputs … --outputs …"),
    TFJS("a TensorFlow.js model", "convert it with python -m tf2onnx.convert --tfjs model.json --output model.onnx"),
    SAFETENSORS(
            "a safetensors file, which has weights but no graph",
            "export the model with torch.onnx.export or optimum-cli export onnx"),
    GGUF("a GGUF file", "export the original model with optimum-cli export onnx"),
    XGBOOST("an XGBoost model", "convert it with onnxmltools.convert_xgboost"),
    LIGHTGBM("a LightGBM model", "convert it with onnxmltools.convert_lightgbm"),
    CATBOOST("a CatBoost model", "save it with save_model(FILE, format='onnx')"),
    PMML("a PMML document", "export the model to ONNX from the library that trained it"),
    OPENVINO("an OpenVINO IR", "deploy the ONNX model that it was made from"),
    COREML("a Core ML model", "export the model to ONNX from the library that trained it"),
    MLFLOW("an MLflow model", "deploy the ONNX file inside, or log the model with mlflow.onnx"),
    NUMPY("NumPy arrays", "deploy the model itself, as ONNX"),
    ARCHIVE("a packed file of another kind than zip, tar and tar.gz", "pack it as one of these"),
    GZIP("one file packed by gzip", "unpack it first");

    private static final int HEAD = 4096;
    private static final Map<String, ForeignFormat> FILES = Map.of(
            "saved_model.pb", SAVED_MODEL,
            "saved_model.pbtxt", SAVED_MODEL,
            "MLmodel", MLFLOW,
            "MAR-INF", TORCHSERVE,
            "keras_metadata.pb", SAVED_MODEL,
            "model.weights.h5", KERAS);

    private final String title;
    private final String advice;

    ForeignFormat(String title, String advice) {
        this.title = title;
        this.advice = advice;
    }

    private FailureException refusal(String what) {
        return new FailureException(
                new Failure.Unsupported(what + " is " + title + ", which does not run here: " + advice));
    }

    /** Refuses a file that does not look like ONNX, by the best name there is. Returns when it is called .onnx. */
    static void refuse(Path file, String name) {
        Optional<ForeignFormat> format = recognised(file, name);
        if (format.isPresent()) {
            throw format.get().refusal("'" + name + "'");
        }
        String known = word(head(file));
        String ending = name.toLowerCase(Locale.ROOT);
        if (known.isEmpty() && ending.matches(".*\\.(zip|tar|tar\\.gz|tgz)")) {
            throw Unpacking.broken(name, "its beginning is not that of a zip, tar or tar.gz", null);
        }
        if (!known.isEmpty() || !ending.endsWith(".onnx")) {
            throw new FailureException(Failure.BadInput.of("'" + name + "' is "
                    + (known.isEmpty() ? "no model that is known here" : known + " and no model")
                    + ": an ONNX file, a package with one, or a folder of versions is expected"));
        }
    }

    /** What a file is that no framework calls a model; empty when that cannot be told. */
    private static String word(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.startsWith("version https://git-lfs.github.com/")) {
            return "a pointer of Git LFS, whose content 'git lfs pull' brings,";
        }
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return "a JPEG image";
        }
        if (text.startsWith("\u0089PNG")) {
            return "a PNG image";
        }
        if (text.startsWith("GIF8") || (text.startsWith("RIFF") && text.startsWith("WEBP", 8))) {
            return "an image";
        }
        if (text.startsWith("%PDF")) {
            return "a PDF document";
        }
        if (text.stripLeading().toLowerCase(Locale.ROOT).matches("(?s)<(!doctype html|html).*")) {
            return "a web page, perhaps of a download that failed,";
        }
        return "";
    }

    /** Refuses a folder in which no ONNX file was found. */
    static void refuseFolder(Path folder, String title, OnnxReader reader) {
        List<Path> children;
        try (Stream<Path> found = Files.list(folder)) {
            children = found.sorted().limit(1000).toList();
        } catch (IOException e) {
            throw new FailureException(Failure.BadInput.of(title + " cannot be read: " + e.getMessage()), e);
        }
        for (Path child : children) {
            ForeignFormat marker = FILES.get(name(child));
            if (marker != null) {
                throw marker.refusal(title);
            }
        }
        for (Path child : children) {
            String name = name(child);
            if (!Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (name.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
                reader.inspect(child);
            }
            Optional<ForeignFormat> format = recognised(child, name);
            if (format.isPresent()) {
                throw format.get().refusal(title + ": '" + name + "'");
            }
        }
        throw new FailureException(
                Failure.BadInput.of(title + " has no ONNX model and no folders of versions (1/model.onnx)"
                        + (children.isEmpty() ? ": it is empty" : "")));
    }

    /** Refuses an archive by the names in it, before it is unpacked. */
    static void refuseArchive(Collection<String> names, String title) {
        boolean data = false;
        boolean code = false;
        boolean arrays = !names.isEmpty();
        for (String name : names) {
            String last = name.substring(name.lastIndexOf('/') + 1);
            data |= last.equals("data.pkl");
            code |= last.equals("constants.pkl");
            arrays &= name.endsWith(".npy");
            if (name.equals("MAR-INF/MANIFEST.json")) {
                throw TORCHSERVE.refusal(title);
            }
            if (name.equals("model.weights.h5")) {
                throw KERAS.refusal(title);
            }
        }
        if (data) {
            throw (code ? TORCHSCRIPT : TORCH_STATE).refusal(title);
        }
        if (arrays) {
            throw NUMPY.refusal(title);
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static Optional<ForeignFormat> recognised(Path file, String name) {
        byte[] head = head(file);
        return Optional.ofNullable(FILES.get(name.substring(name.lastIndexOf('/') + 1)))
                .or(() -> byMagic(head))
                .or(() -> byText(new String(head, StandardCharsets.ISO_8859_1)))
                .or(() -> byEnding(name.toLowerCase(Locale.ROOT)));
    }

    /** The beginning of a file; nothing of one that cannot be read, which its reader will say. */
    private static byte[] head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static Optional<ForeignFormat> byMagic(byte[] head) {
        String hex = HexFormat.of().formatHex(head, 0, Math.min(16, head.length));
        if (hex.matches("80(02|03|04|05).*")) {
            return Optional.of(PICKLE);
        }
        if (hex.startsWith("894844460d0a1a0a")) {
            return Optional.of(HDF5);
        }
        if (hex.startsWith("54464c33", 8)) {
            return Optional.of(TFLITE);
        }
        if (hex.startsWith("4f52544d", 8)) {
            return Optional.of(ORT);
        }
        if (hex.startsWith("47475546")) {
            return Optional.of(GGUF);
        }
        if (hex.startsWith("43424d31")) {
            return Optional.of(CATBOOST);
        }
        if (hex.startsWith("934e554d5059")) {
            return Optional.of(NUMPY);
        }
        if (hex.startsWith("1f8b")) {
            return Optional.of(GZIP);
        }
        if (hex.matches("(377abcaf271c|526172211a07|fd377a585a00|425a68|28b52ffd).*")) {
            return Optional.of(ARCHIVE);
        }
        return safetensors(head) ? Optional.of(SAFETENSORS) : Optional.empty();
    }

    private static boolean safetensors(byte[] head) {
        if (head.length < 10 || head[8] != '{') {
            return false;
        }
        long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length >= 2 && length <= 100_000_000;
    }

    private static Optional<ForeignFormat> byText(String head) {
        String text = head.stripLeading();
        if ((text.startsWith("{") && head.contains("learner")) || head.startsWith("binf")) {
            return Optional.of(XGBOOST);
        }
        if (text.startsWith("tree\nversion=") || (text.startsWith("{") && head.contains("\"tree_info\""))) {
            return Optional.of(LIGHTGBM);
        }
        if (text.startsWith("{") && head.contains("\"modelTopology\"")) {
            return Optional.of(TFJS);
        }
        if (text.startsWith("<") && head.contains("<PMML")) {
            return Optional.of(PMML);
        }
        if (text.startsWith("<") && head.contains("<net ")) {
            return Optional.of(OPENVINO);
        }
        return Optional.empty();
    }

    private static Optional<ForeignFormat> byEnding(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "mlmodel", "mlpackage" -> Optional.of(COREML);
            case "pb" -> Optional.of(FROZEN_GRAPH);
            case "tflite" -> Optional.of(TFLITE);
            case "pt", "pth" -> Optional.of(TORCH_STATE);
            case "pkl", "pickle", "joblib" -> Optional.of(PICKLE);
            case "pmml" -> Optional.of(PMML);
            case "bst", "ubj" -> Optional.of(XGBOOST);
            case "h5" -> Optional.of(HDF5);
            case "gguf" -> Optional.of(GGUF);
            case "safetensors" -> Optional.of(SAFETENSORS);
            default -> Optional.empty();
        };
    }
}
