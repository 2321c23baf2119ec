package dev.slipway.core;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written as {@code 64MiB}, {@code 10MB} or {@code 4096}. */
public record DataSize(long bytes) implements Comparable<DataSize> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15}) ?(B|kB|KB|KiB|MB|MiB|GB|GiB)?");

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("data size " + bytes + " must not be negative");
        }
    }

    public static DataSize ofMebibytes(long mebibytes) {
        return new DataSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    /**
     * Reads a size with its unit.
     *
     * @throws IllegalArgumentException for anything that is not one
     */
    public static DataSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "data size '" + text + "' must be a number with B, KB, KiB, MB, MiB, GB or GiB");
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        long factor = switch (unit.toUpperCase(Locale.ROOT)) {
            case "KB" -> 1_000L;
            case "KIB" -> 1L << 10;
            case "MB" -> 1_000_000L;
            case "MIB" -> 1L << 20;
            case "GB" -> 1_000_000_000L;
            case "GIB" -> 1L << 30;
            default -> 1L;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE / factor) {
            throw new IllegalArgumentException("data size '" + text + "' must be below 8 EiB");
        }
        return new DataSize(number * factor);
    }

    /** About this size, with two digits at least: {@code 3.1 GiB}. */
    public String rounded() {
        String[] units = {"bytes", "KiB", "MiB", "GiB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        if (bytes >= 1 << 30 && bytes % (1 << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        if (bytes >= 1 << 10 && bytes % (1 << 10) == 0) {
            return (bytes >> 10) + "KiB";
        }
        return bytes + "B";
    }
}
