package dev.slipway.packages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/** Digests of versions. */
public final class Digests {

    private Digests() {}

    /**
     * The digest that a version is known by: of its canonical manifest and of the digests of its files, so that an
     * archive packed again is the same version.
     *
     * @param files the SHA-256 of each file by its path, with {@code /}
     * @return {@code sha256:} and 64 hexadecimal digits
     */
    public static String version(String canonicalManifest, SortedMap<String, String> files) {
        MessageDigest digest = sha256();
        digest.update(("slipway-version 1\n" + sha256(canonicalManifest) + "\n").getBytes(StandardCharsets.UTF_8));
        files.forEach(
                (path, sha256) -> digest.update((sha256(path) + " " + sha256 + "\n").getBytes(StandardCharsets.UTF_8)));
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
