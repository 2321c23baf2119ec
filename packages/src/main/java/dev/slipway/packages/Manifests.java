package dev.slipway.packages;

import dev.slipway.core.Endpoint;
import dev.slipway.core.Manifest;
import dev.slipway.core.Settings;
import dev.slipway.core.Signature;
import java.util.Map;

/** Manifests, settings, signatures and endpoints as JSON documents: the canonical text that is stored and digested. */
public final class Manifests {

    private Manifests() {}

    /** The canonical JSON of a manifest: names sorted, no spaces. */
    public static String write(Manifest manifest) {
        throw new UnsupportedOperationException();
    }

    public static Manifest read(String json) {
        throw new UnsupportedOperationException();
    }

    /** The settings under their keys in snake_case, as in {@code model.yaml}. */
    public static Map<String, Object> toMap(Settings settings) {
        throw new UnsupportedOperationException();
    }

    /** Settings from a document; keys left out keep {@code base}'s values, unknown ones are refused with the near one. */
    public static Settings settings(Map<String, ?> document, Settings base) {
        throw new UnsupportedOperationException();
    }

    /** {@code {"inputs":[{"name","datatype","shape"}...],"outputs":[...]}} with -1 for dynamic dimensions. */
    public static Map<String, Object> toMap(Signature signature) {
        throw new UnsupportedOperationException();
    }

    /** {@code {"targets":[{"version":"3","weight":1}],"shadow":"2"|null,"sticky":false}}. */
    public static Map<String, Object> toMap(Endpoint endpoint) {
        throw new UnsupportedOperationException();
    }

    public static Endpoint endpoint(Map<String, ?> document) {
        throw new UnsupportedOperationException();
    }
}
