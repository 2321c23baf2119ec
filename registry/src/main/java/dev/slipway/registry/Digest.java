package dev.slipway.registry;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Sha256;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;

/** A sha-256 in the form {@code sha256:} and 64 hexadecimal digits. */
record Digest(String text) {

    private static final String PREFIX = "sha256:";
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    Digest {
        if (!FORM.matcher(text).matches()) {
            throw new FailureException(Failure.BadInput.of("digest '" + text + "' must match " + FORM));
        }
    }

    /** The digest that a file or folder of the store is named by; empty for a name that is none. */
    static Optional<Digest> naming(Path path) {
        String text = PREFIX + path.getFileName();
        return FORM.matcher(text).matches() ? Optional.of(new Digest(text)) : Optional.empty();
    }

    /** The digest of what was given to {@code hash}. */
    static Digest of(MessageDigest hash) {
        return new Digest(PREFIX + Sha256.hex(hash));
    }

    String hex() {
        return text.substring(PREFIX.length());
    }

    /** Where a blob lies: {@code sha256/aa/bb/aabb...}, so that no folder grows without end. */
    Path below(Path root) {
        return root.resolve("sha256")
                .resolve(hex().substring(0, 2))
                .resolve(hex().substring(2, 4))
                .resolve(hex());
    }
}
