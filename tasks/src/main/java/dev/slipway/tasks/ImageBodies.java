package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.Shape;
import dev.slipway.core.Tensor;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The image files of one request, taken out of whatever a caller wrapped them in. */
final class ImageBodies implements AutoCloseable {

    /** An image file as BYTES[1], and where it stood. */
    record Image(List<Object> path, TensorLease encoded) {}

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LONGEST_MEDIA_TYPE = 256;
    private static final String RULE = "base64 of an image file, or a data URI of it";

    private final String one;
    private final String many;
    private final TensorPool pool;
    private final List<Image> images = new ArrayList<>();
    private boolean list;

    /** Bodies whose image is called {@code name}. */
    ImageBodies(String name, TensorPool pool) {
        this.one = name;
        this.many = plural(name);
        this.pool = pool;
    }

    static String plural(String name) {
        return name + "s";
    }

    List<Image> images() {
        return images;
    }

    /** Whether the caller sent a list. */
    boolean list() {
        return list;
    }

    /** Takes {@code {"image": "..."}} or {@code {"images": ["...", ...]}}; whether it was the list. */
    boolean json(JsonReader reader) {
        Faults faults = new Faults();
        if (reader.peek() != JsonReader.Token.OBJECT) {
            throw Faults.one(Bodies.BODY, "an object {\"" + one + "\": \"...\"}", reader.describe());
        }
        boolean found = false;
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            List<Object> path = Faults.with(Bodies.BODY, name);
            if (!name.equals(one) && !name.equals(many)) {
                faults.unknown(Bodies.BODY, name, List.of(one, many));
                reader.skip();
            } else if (found) {
                faults.add(path, "only one of " + one + " and " + many, "both");
                reader.skip();
            } else if (name.equals(one)) {
                found = true;
                text(reader, path, faults);
            } else {
                found = true;
                texts(reader, path, faults);
            }
        }
        if (!found) {
            faults.add(Faults.with(Bodies.BODY, one), "required", "nothing");
        }
        faults.throwIfAny();
        return list;
    }

    private void texts(JsonReader reader, List<Object> path, Faults faults) {
        list = true;
        if (reader.peek() != JsonReader.Token.ARRAY) {
            faults.add(path, "a list of images", reader.describe());
            return;
        }
        int count = 0;
        reader.beginArray();
        while (reader.nextElement()) {
            if (faults.full()) {
                reader.skip();
            } else {
                text(reader, Faults.with(path, count), faults);
            }
            Bodies.requireFew(++count);
        }
        if (count == 0) {
            faults.add(path, "at least one image", "none");
        }
    }

    private void text(JsonReader reader, List<Object> path, Faults faults) {
        if (reader.peek() != JsonReader.Token.STRING) {
            faults.add(path, RULE, reader.describe());
            return;
        }
        try (TensorLease text = reader.tensor("image", DataType.BYTES, Shape.SCALAR, pool)) {
            base64(text.tensor().element(0), path, faults);
        }
    }

    private void base64(MemorySegment text, List<Object> path, Faults faults) {
        MemorySegment encoded = afterDataUri(text);
        long size = encoded == null ? -1 : Base64Text.decodedSize(encoded);
        if (encoded == null || size < 0) {
            faults.add(path, RULE, "a string of " + text.byteSize() + " bytes that is neither");
            return;
        }
        TensorLease lease = allocate(size);
        if (Base64Text.decode(encoded, lease.tensor().data(), 4)) {
            images.add(new Image(path, lease));
        } else {
            lease.close();
            faults.add(path, RULE, "a string of " + text.byteSize() + " bytes that is neither");
        }
    }

    private static @Nullable MemorySegment afterDataUri(MemorySegment text) {
        byte[] start =
                text.asSlice(0, Math.min(LONGEST_MEDIA_TYPE, text.byteSize())).toArray(ValueLayout.JAVA_BYTE);
        String prefix = new String(start, StandardCharsets.ISO_8859_1);
        if (!prefix.regionMatches(true, 0, "data:", 0, 5)) {
            return text;
        }
        int comma = prefix.indexOf(',');
        if (comma < 0 || !prefix.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
            return null;
        }
        return text.asSlice(comma + 1L);
    }

    /** Takes the part or parts called {@code image} of a form. */
    void multipart(MemorySegment body, String boundary) {
        Faults faults = new Faults();
        for (Multipart.Part part : Multipart.read(body, boundary, Bodies.MAX_INSTANCES)) {
            if (part.name().equals(one) || part.name().equals(many)) {
                bytes(part.content(), List.of("body", part.name(), images.size()));
            } else {
                faults.unknown(Bodies.BODY, part.name(), List.of(one));
            }
        }
        if (faults.none() && images.isEmpty()) {
            faults.add(Faults.with(Bodies.BODY, one), "required", "nothing");
        }
        faults.throwIfAny();
        list = images.size() > 1;
    }

    /** Takes the bytes of an image file; copied, as an element of BYTES has its length before it. */
    void bytes(MemorySegment file, List<Object> path) {
        TensorLease lease = allocate(file.byteSize());
        MemorySegment.copy(file, 0, lease.tensor().data(), 4, file.byteSize());
        images.add(new Image(path, lease));
    }

    private TensorLease allocate(long size) {
        TensorLease lease = pool.allocateBytes(Shape.of(1), 4 + size);
        Tensor tensor = lease.tensor();
        tensor.data().set(LENGTH, 0, Math.toIntExact(size));
        tensor.index().setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, 0, 0);
        tensor.index().setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, 1, 4 + size);
        return lease;
    }

    /** Takes {@code byte[]} or base64, a list of them, or a map as JSON has it. */
    void value(@Nullable Object value) {
        Faults faults = new Faults();
        if (value instanceof Map<?, ?> map) {
            for (Object name : map.keySet()) {
                if (!name.equals(one) && !name.equals(many)) {
                    faults.unknown(Bodies.BODY, String.valueOf(name), List.of(one, many));
                }
            }
            if (map.size() != 1) {
                faults.add(Bodies.BODY, "exactly one of " + one + " and " + many, map.size() + " fields");
            }
            faults.throwIfAny();
            String name = map.containsKey(one) ? one : many;
            values(map.get(name), Faults.with(Bodies.BODY, name), faults);
        } else {
            values(value, Bodies.BODY, faults);
        }
        faults.throwIfAny();
    }

    private void values(@Nullable Object value, List<Object> path, Faults faults) {
        if (!(value instanceof List<?> elements)) {
            single(value, path, faults);
            return;
        }
        list = true;
        Bodies.requireFew(elements.size());
        if (elements.isEmpty()) {
            faults.add(path, "at least one image", "none");
        }
        for (int i = 0; i < elements.size(); i++) {
            single(elements.get(i), Faults.with(path, i), faults);
        }
    }

    private void single(@Nullable Object value, List<Object> path, Faults faults) {
        switch (value) {
            case byte[] file -> bytes(MemorySegment.ofArray(file), path);
            case String text -> base64(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)), path, faults);
            case null, default -> faults.add(path, "the bytes of an image file, or " + RULE, Faults.describe(value));
        }
    }

    @Override
    public void close() {
        images.forEach(image -> image.encoded().close());
    }
}
