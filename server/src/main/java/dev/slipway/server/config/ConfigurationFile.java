package dev.slipway.server.config;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.NearName;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads a {@code slipway.yaml}: sections with keys, or keys with dots, each once. */
final class ConfigurationFile {

    private static final long LARGEST = 1 << 20;

    /** What a line says, before anybody knows whether it is a value of its key. */
    record Given(String text, int line) {}

    private final Path file;
    private final Map<String, Given> given = new LinkedHashMap<>();

    private ConfigurationFile(Path file) {
        this.file = file;
    }

    /**
     * The texts of a file under the names of their keys.
     *
     * @throws FailureException {@code BadInput} with the line for what is not YAML, not known, or there twice
     */
    static Map<String, Given> read(Path file) {
        ConfigurationFile reader = new ConfigurationFile(file);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setParseComments(false)
                .build();
        try {
            new Compose(settings).composeString(content(file)).ifPresent(reader::root);
        } catch (YamlEngineException e) {
            throw refused(file + " is not YAML: "
                    + String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "));
        }
        return reader.given;
    }

    private static String content(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw refused(file + " has " + size + " bytes, a configuration has at most " + LARGEST);
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw refused(file + " is not text in UTF-8");
        } catch (IOException e) {
            throw refused("cannot read the configuration " + file + ": " + e);
        }
    }

    private void root(Node root) {
        if (root instanceof MappingNode mapping) {
            section("", mapping);
        } else if (!(root instanceof ScalarNode scalar && scalar.getValue().isBlank())) {
            throw refused(at(root) + "keys with values are expected, such as server: {port: 8081}");
        }
    }

    private void section(String prefix, MappingNode section) {
        for (NodeTuple member : section.getValue()) {
            if (!(member.getKeyNode() instanceof ScalarNode key)) {
                throw refused(at(member.getKeyNode()) + "a key must be text");
            }
            String name = prefix + key.getValue();
            boolean isSection = Keys.names().stream().anyMatch(known -> known.startsWith(name + "."));
            switch (member.getValueNode()) {
                case MappingNode inner when isSection -> section(name + ".", inner);
                case ScalarNode empty when isSection && empty.getValue().isBlank() -> {}
                case ScalarNode value when !isSection -> value(name, key, value.getValue());
                case Node other when isSection -> throw refused(at(other) + "'" + name + "' takes keys with values");
                default -> {
                    requireKnown(name, key);
                    throw refused(at(key) + "'" + name + "' takes one value");
                }
            }
        }
    }

    private void value(String name, Node key, String text) {
        requireKnown(name, key);
        if (name.equals(Keys.HOME.name())) {
            throw refused(at(key) + "the home is not set in a configuration: give --home or SLIPWAY_HOME");
        }
        Given earlier = given.putIfAbsent(name, new Given(text, line(key)));
        if (earlier != null) {
            throw refused(at(key) + "'" + name + "' stands in line " + earlier.line() + " already");
        }
    }

    private void requireKnown(String name, Node key) {
        List<String> names = Keys.names();
        if (!names.contains(name)) {
            throw refused(at(key) + "'" + name + "' " + NearName.rule("key", name, names));
        }
    }

    private String at(Node node) {
        return file + ":" + line(node) + ": ";
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static FailureException refused(String what) {
        return new FailureException(Failure.BadInput.malformed(what));
    }
}
