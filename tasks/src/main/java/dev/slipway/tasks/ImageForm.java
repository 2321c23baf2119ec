package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.InferenceResponse;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.StepSpec;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Images in, the best classes out.
 *
 * <p>A manifest that says nothing of inputs gets the steps that the graph's input suggests: decode, grayscale for one
 * channel, resize as Pillow's bilinear to the height and width, a scale of 1/255 for real numbers, and the layout.
 */
final class ImageForm implements TaskForm {

    private static final String MULTIPART = "multipart/form-data";
    private static final String BYTES = "application/octet-stream";
    private static final Step.Flow ENCODED = new Step.Flow(DataType.BYTES, DeclaredShape.of(1));

    private final String name;
    private final Pipeline pipeline;
    private final Batch batch;
    private final ClassAnswer answer;

    ImageForm(Manifest manifest, Steps steps) {
        Map.Entry<String, Manifest.Input> input = input(manifest);
        TensorSpec spec = manifest.signature()
                .input(input.getValue().to())
                .orElseThrow(() -> bad("input '" + input.getKey() + "' goes to '"
                        + input.getValue().to()
                        + "', which the graph does not take; it takes "
                        + Faults.list(manifest.signature().inputs().stream()
                                .map(TensorSpec::name)
                                .toList())));
        name = input.getKey();
        List<StepSpec> stages = manifest.inputs().isEmpty()
                ? DefaultImageSteps.of(spec)
                : input.getValue().steps();
        pipeline = Pipeline.of("input '" + name + "'", ENCODED, stages, steps);
        batch = batch(spec);
        answer = new ClassAnswer(manifest, steps, true);
    }

    private static Map.Entry<String, Manifest.Input> input(Manifest manifest) {
        if (manifest.inputs().size() == 1) {
            return manifest.inputs().entrySet().iterator().next();
        }
        List<TensorSpec> required = manifest.signature().inputs().stream()
                .filter(spec -> !spec.optional())
                .toList();
        if (!manifest.inputs().isEmpty() || required.size() != 1) {
            throw bad("task image-classification has one input, the image; "
                    + (manifest.inputs().isEmpty()
                            ? required.size() + " in the graph"
                            : manifest.inputs().size() + " in inputs")
                    + " given");
        }
        return Map.entry("image", new Manifest.Input(required.getFirst().name(), List.of()));
    }

    private Batch batch(TensorSpec spec) {
        Step.Flow result = pipeline.result();
        if (result.dataType() != spec.dataType()) {
            throw bad("input '" + name + "': its steps give " + result.dataType() + ", '" + spec.name() + "' takes "
                    + spec.dataType() + ": end with cast");
        }
        if (!result.shape().ranked() || !spec.shape().ranked()) {
            return new Batch(spec, true, DeclaredShape.ANY);
        }
        Batch fitting = Batch.of(spec, result.shape().dims().size());
        for (int i = 0; i < fitting.row().dims().size(); i++) {
            if (result.shape().dims().get(i) instanceof Dimension.Fixed given
                    && fitting.row().dims().get(i) instanceof Dimension.Fixed wanted
                    && given.size() != wanted.size()) {
                throw bad("input '" + name + "': its steps give " + result.shape() + " per image, '" + spec.name()
                        + "' takes " + spec.shape());
            }
        }
        return fitting;
    }

    private static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }

    @Override
    public Decoded decode(Body body, TensorPool pool) {
        String type = body.contentType();
        try (ImageBodies images = new ImageBodies(name, pool)) {
            if (Bodies.isJson(type)) {
                Bodies.json(body, images::json);
            } else if (type.equals(MULTIPART)) {
                String boundary = body.boundary();
                if (boundary == null) {
                    throw new FailureException(Failure.BadInput.malformed(
                            "malformed multipart/form-data: its content type has no boundary"));
                }
                images.multipart(body.content().tensor().data(), boundary);
            } else if (takes(type)) {
                images.bytes(body.content().tensor().data(), Bodies.BODY);
            } else {
                throw Bodies.unsupported("image-classification", type, contentTypes());
            }
            return decoded(images, body.stillWanted(), pool);
        }
    }

    @Override
    public Decoded decode(Object value, TensorPool pool) {
        try (ImageBodies images = new ImageBodies(name, pool)) {
            images.value(Bodies.plain(value));
            return decoded(images, () -> {}, pool);
        }
    }

    private Decoded decoded(ImageBodies images, Runnable stillWanted, TensorPool pool) {
        Pipeline steps = pipeline.forRequest();
        int count = images.images().size();
        batch.requireTakes(count);
        List<TensorLease> instances = new ArrayList<>();
        try {
            Faults faults = new Faults();
            for (int i = 0; i < count && !faults.full(); i++) {
                stillWanted.run();
                instance(steps, images.images().get(i), instances, faults, pool);
            }
            faults.throwIfAny();
            TensorLease whole = batch.stack(instances, pool);
            return new Decoded(List.of(new NamedTensor(batch.spec().name(), whole)), count, images.list());
        } finally {
            instances.forEach(TensorLease::close);
        }
    }

    private void instance(
            Pipeline steps, ImageBodies.Image image, List<TensorLease> instances, Faults faults, TensorPool pool) {
        try {
            TensorLease instance = steps.apply(image.encoded(), pool);
            Shape shape = instance.tensor().shape();
            if (!batch.row().fits(shape)) {
                instance.close();
                faults.add(image.path(), "an image of shape " + batch.row(), "shape " + shape);
            } else if (!instances.isEmpty()
                    && !instances.getFirst().tensor().shape().equals(shape)) {
                instance.close();
                faults.add(image.path(), "images of one shape in one request", "shape " + shape);
            } else {
                instances.add(instance);
            }
        } catch (FailureException e) {
            if (!(e.failure() instanceof Failure.BadInput problem)) {
                throw e;
            }
            faults.add(image.path(), "an image", "a file that cannot be read as one: " + problem.detail());
        }
    }

    @Override
    public Map<String, @Nullable Object> encode(
            Decoded decoded, InferenceResponse response, Map<String, String> options) {
        return answer.encode(decoded, response, options);
    }

    @Override
    public Map<String, Object> requestSchema() {
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("type", "string");
        image.put("description", "the bytes of an image file as base64, or a data URI of it");
        Map<String, Object> one = Schemas.object(Map.of(name, image), List.of(name));
        Map<String, Object> many = Schemas.object(
                Map.of(ImageBodies.plural(name), Schemas.list(image, 1, Bodies.MAX_INSTANCES)),
                List.of(ImageBodies.plural(name)));
        return Schemas.document(Schemas.oneOf(List.of(one, many)));
    }

    @Override
    public Map<String, Object> responseSchema() {
        return answer.document();
    }

    @Override
    public Object example() {
        return Map.of(name, ExamplePng.base64());
    }

    @Override
    public List<String> contentTypes() {
        return List.of(Bodies.JSON, MULTIPART, "image/*", BYTES);
    }
}
