package dev.slipway.server;

import dev.slipway.core.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secret that administration beyond loopback needs: 256 random bits, of which only the SHA-256 is kept, in a file
 * that only the owner may read.
 */
final class AdministrationKey {

    private static final String FILE = "administration.key";
    private static final String PREFIX = "slw_";
    private static final Pattern STORED = Pattern.compile("[0-9a-fA-F]{64}");

    private final Path home;
    private final byte[] hash;
    private final @Nullable String fresh;

    private AdministrationKey(Path home, byte[] hash, @Nullable String fresh) {
        this.home = home;
        this.hash = hash;
        this.fresh = fresh;
    }

    private static Path file(Path home) {
        return home.resolve(FILE);
    }

    /**
     * The key of a home, or if none is stored there a new one, which is not stored yet.
     *
     * @throws IOException also when what is stored is no key
     */
    static AdministrationKey of(Path home, SecureRandom random) throws IOException {
        Path file = file(home);
        if (Files.exists(file)) {
            return new AdministrationKey(home, stored(file), null);
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new AdministrationKey(home, sha256(key), key);
    }

    private static byte[] stored(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        if (!STORED.matcher(text).matches()) {
            throw new IOException(
                    "file " + file + ": an administration key's SHA-256, 64 hexadecimal digits, is expected, "
                            + text.length() + " characters given; delete it for a new key");
        }
        return HexFormat.of().parseHex(text);
    }

    /** The key itself if it is new, to be shown: the only moment at which it can be, and from now on it is stored. */
    @Nullable
    String reveal() throws IOException {
        if (fresh != null && !Files.exists(file(home))) {
            store();
        }
        return fresh;
    }

    /** Stores it whole or not at all. */
    private void store() throws IOException {
        Files.createDirectories(home);
        Path next = home.resolve(FILE + ".next");
        Files.deleteIfExists(next);
        FileAttribute<?>[] owners = Files.getFileStore(home).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel to =
                FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owners)) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(hash) + "\n");
            while (text.hasRemaining()) {
                to.write(text);
            }
            to.force(true);
        }
        Files.move(next, file(home), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether this is the key, in time that does not depend on where they differ. */
    boolean matches(String given) {
        return MessageDigest.isEqual(hash, sha256(given));
    }

    private static byte[] sha256(String text) {
        return Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
