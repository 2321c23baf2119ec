package dev.slipway.verify.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of conformance material, named by {@code -Dslipway.material}; tests that need it say so when it is absent. */
final class Material {

    private Material() {}

    static Path folder(String path) {
        String root = System.getProperty("slipway.material", "");
        assumeTrue(!root.isEmpty(), "no conformance material: set -Dslipway.material to its folder");
        Path folder = Path.of(root).resolve(path);
        assumeTrue(Files.exists(folder), "the conformance material has no " + folder);
        return folder;
    }
}
