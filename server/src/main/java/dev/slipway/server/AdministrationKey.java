package dev.slipway.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secret that administration beyond loopback needs: 256 random bits, of which only the SHA-256 is kept, in a file
 * that only the owner may read.
 */
final class AdministrationKey {

    private static final String PREFIX = "slw_";

    private final byte[] hash;
    private final @Nullable String fresh;

    private AdministrationKey(byte[] hash, @Nullable String fresh) {
        this.hash = hash;
        this.fresh = fresh;
    }

    /** The key of a home; made and stored if there is none yet. */
    static AdministrationKey of(Path home, SecureRandom random) throws IOException {
        Path file = home.resolve("administration.key");
        if (Files.exists(file)) {
            return new AdministrationKey(
                    HexFormat.of().parseHex(Files.readString(file).strip()), null);
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Files.createDirectories(home);
        boolean posix = Files.getFileStore(home).supportsFileAttributeView("posix");
        if (posix) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(
                file,
                HexFormat.of().formatHex(sha256(key)) + "\n",
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE).toArray(StandardOpenOption[]::new));
        return new AdministrationKey(sha256(key), key);
    }

    /** The key itself if it was just made: the only moment at which it can be shown. */
    @Nullable
    String fresh() {
        return fresh;
    }

    /** Whether this is the key, in time that does not depend on where they differ. */
    boolean matches(String given) {
        return MessageDigest.isEqual(hash, sha256(given));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
