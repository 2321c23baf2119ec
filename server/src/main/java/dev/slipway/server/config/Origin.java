package dev.slipway.server.config;

import java.nio.file.Path;

/** Where a value comes from. */
public sealed interface Origin {

    /** Nothing was set. */
    record Standard() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /** A line of a configuration file. */
    record Line(Path file, int line) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** An environment variable. */
    record Variable(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A flag of the command line. */
    record Flag(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }
}
