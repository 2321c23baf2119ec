package dev.slipway.packages;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The name of an archive's entry, which must lead to a place inside the folder that the archive is unpacked to. */
final class EntryPath {

    private static final int LONGEST = 1024;
    private static final int LONGEST_PART = 255;

    private EntryPath() {}

    /** The parts of a name that are safe to resolve; empty for the root itself. */
    static List<String> parts(String archive, String name) {
        String shown = name.length() > 200 ? name.substring(0, 200) + "…" : name;
        if (name.length() > LONGEST) {
            throw refused(archive, shown, "is longer than " + LONGEST + " characters");
        }
        if (name.startsWith("/") || name.contains("\\") || name.matches("[A-Za-z]:.*")) {
            throw refused(archive, shown, "must be relative, with '/'");
        }
        if (name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw refused(archive, shown.replaceAll("\\p{Cntrl}", "?"), "has control characters");
        }
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw refused(archive, shown, "must not leave the archive by '..'");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
                throw refused(archive, shown, "has a part of more than " + LONGEST_PART + " bytes");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** The place of an entry below a folder. */
    static Path below(Path folder, String archive, List<String> parts) {
        try {
            Path path = folder;
            for (String part : parts) {
                path = path.resolve(part);
            }
            if (!path.normalize().startsWith(folder.normalize())) {
                throw refused(archive, String.join("/", parts), "leaves the archive");
            }
            return path;
        } catch (InvalidPathException e) {
            throw refused(archive, String.join("/", parts), "is no path on this system");
        }
    }

    /** Whether an entry is of a desktop's own and not of the package. */
    static boolean litter(List<String> parts) {
        return parts.getFirst().equals("__MACOSX") || parts.getLast().equals(".DS_Store");
    }

    private static FailureException refused(String archive, String name, String why) {
        return new FailureException(Failure.BadInput.of("archive '" + archive + "': entry '" + name + "' " + why));
    }
}
