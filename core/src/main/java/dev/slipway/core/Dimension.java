package dev.slipway.core;

/** One dimension of a declared shape: a number, or a name that stands for any number. */
public sealed interface Dimension {

    /** A dimension that is always {@code size}. */
    record Fixed(long size) implements Dimension {
        public Fixed {
            if (size < 0) {
                throw new IllegalArgumentException("dimension " + size + " must not be negative");
            }
        }

        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /**
     * A dimension that may have any size. Within one signature, equal names stand for equal sizes; the empty name is
     * unlike every other.
     */
    record Dynamic(String name) implements Dimension {
        @Override
        public String toString() {
            return name.isEmpty() ? "?" : name;
        }
    }

    Dimension UNKNOWN = new Dynamic("");

    static Dimension of(long size) {
        return new Fixed(size);
    }

    static Dimension of(String name) {
        return new Dynamic(name);
    }
}
