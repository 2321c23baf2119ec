package dev.slipway.packages;

import dev.slipway.core.Dimension;
import dev.slipway.core.Endpoint;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.ModelRef;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import dev.slipway.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Manifests, settings, signatures and endpoints as JSON documents: the canonical text that is stored and digested. */
public final class Manifests {

    private Manifests() {}

    /** The canonical JSON of a manifest: names sorted, no spaces. */
    public static String write(Manifest manifest) {
        return Json.canonical(ManifestDocument.write(manifest));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws FailureException {@code BadInput} for anything else
     */
    public static Manifest read(String json) {
        try {
            return ManifestDocument.read(Element.of(Json.parse(json)));
        } catch (IllegalArgumentException e) {
            throw new FailureException(Failure.BadInput.of("manifest: " + e.getMessage()), e);
        }
    }

    /** The settings under their keys in snake_case, as in {@code model.yaml}. */
    public static Map<String, Object> toMap(Settings settings) {
        return SettingsDocument.write(settings);
    }

    /** Settings from a document; keys left out keep {@code base}'s values, unknown ones are refused with the near one. */
    public static Settings settings(Map<String, ?> document, Settings base) {
        Faults faults = new Faults("settings");
        Settings settings = SettingsDocument.read(Fields.of(Element.of(document), faults), base);
        faults.refuse();
        return settings;
    }

    /**
     * {@code {"inputs":[{"name","datatype","shape"}...],"outputs":[...]}} with -1 for dynamic dimensions, and
     * {@code "dimensions"} with their names in their place where they have any.
     */
    public static Map<String, Object> toMap(Signature signature) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("inputs", signature.inputs().stream().map(Manifests::toMap).toList());
        document.put(
                "outputs", signature.outputs().stream().map(Manifests::toMap).toList());
        return document;
    }

    private static Map<String, Object> toMap(TensorSpec spec) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", spec.name());
        document.put("datatype", spec.dataType().name());
        document.put("shape", spec.shape().sizes());
        if (spec.shape().dims().stream()
                .anyMatch(dim -> dim instanceof Dimension.Dynamic(String name) && !name.isEmpty())) {
            document.put(
                    "dimensions",
                    spec.shape().dims().stream().map(Manifests::dimension).toList());
        }
        if (spec.optional()) {
            document.put("optional", true);
        }
        return document;
    }

    private static Object dimension(Dimension dimension) {
        return switch (dimension) {
            case Dimension.Fixed(long size) -> (Object) size;
            case Dimension.Dynamic(String name) -> name.isEmpty() ? (Object) Long.valueOf(-1) : name;
        };
    }

    /** {@code {"targets":[{"version":"3","weight":1}],"shadow":"2"|null,"sticky":false}}. */
    public static Map<String, @Nullable Object> toMap(Endpoint endpoint) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put(
                "targets",
                endpoint.targets().stream()
                        .map(target -> Map.of("version", Long.toString(target.version()), "weight", target.weight()))
                        .toList());
        Long shadow = endpoint.shadow();
        document.put("shadow", shadow == null ? null : shadow.toString());
        document.put("sticky", endpoint.sticky());
        return document;
    }

    /** An endpoint from its document, which names a version at least; a weight left out is 1. */
    public static Endpoint endpoint(Map<String, ?> document) {
        Faults faults = new Faults("endpoint");
        Fields fields = Fields.of(Element.of(document), faults).only(List.of("targets", "shadow", "sticky"));
        List<Endpoint.Target> targets = new ArrayList<>();
        fields.each("targets", target -> {
            String version = target.only(List.of("version", "weight")).required("version");
            if (version != null) {
                targets.add(new Endpoint.Target(ModelRef.parseVersion(version), target.whole("weight", 1)));
            }
        });
        if (fields.elements("targets").isEmpty()) {
            fields.fault(
                    "targets",
                    "must name the versions that answer (to take a model out of service, unload or remove it)",
                    "none");
        }
        String shadow = fields.text("shadow");
        Boolean sticky = fields.flag("sticky");
        faults.refuse();
        return new Endpoint(
                targets, shadow == null ? null : (Long) ModelRef.parseVersion(shadow), Boolean.TRUE.equals(sticky));
    }
}
