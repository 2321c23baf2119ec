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

    private final Path home;
    private final byte[] hash;
    private final @Nullable String fresh;

    private AdministrationKey(Path home, byte[] hash, @Nullable String fresh) {
        this.home = home;
        this.hash = hash;
        this.fresh = fresh;
    }

    private static Path file(Path home) {
        return home.resolve("administration.key");
    }

    /** The key of a home, or if none is stored there a new one, which is not stored yet. */
    static AdministrationKey of(Path home, SecureRandom random) throws IOException {
        Path file = file(home);
        if (Files.exists(file)) {
            byte[] hash = HexFormat.of().parseHex(Files.readString(file).strip());
            return new AdministrationKey(home, hash, null);
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new AdministrationKey(home, sha256(key), key);
    }

    /** The key itself if it is new, to be shown: the only moment at which it can be, and from now on it is stored. */
    @Nullable
    String reveal() throws IOException {
        if (fresh != null && !Files.exists(file(home))) {
            store();
        }
        return fresh;
    }

    private void store() throws IOException {
        Path file = file(home);
        Files.createDirectories(home);
        boolean posix = Files.getFileStore(home).supportsFileAttributeView("posix");
        if (posix) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(
                file,
                HexFormat.of().formatHex(hash) + "\n",
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE).toArray(StandardOpenOption[]::new));
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
