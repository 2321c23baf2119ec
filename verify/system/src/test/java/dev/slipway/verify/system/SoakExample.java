package dev.slipway.verify.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.verify.system.RawConnection.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A question in a friendly form to one of the examples, and the class that it is of. */
record SoakExample(String model, String contentType, Body content, String expected) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is sent. */
    @FunctionalInterface
    interface Body {
        byte[] bytes();
    }

    byte[] body() {
        return content.bytes();
    }

    boolean isRight(Answer answer) throws IOException {
        return JSON.readTree(answer.text()).findValue("class").asText().equals(expected);
    }

    /** Ten digits and the flowers of the iris model's golden set. */
    static List<SoakExample> all(Path folder) throws IOException {
        List<SoakExample> all = new ArrayList<>();
        for (int digit = 0; digit < 10; digit++) {
            byte[] image = Files.readAllBytes(folder.resolve("digits/samples/" + digit + ".png"));
            all.add(new SoakExample("digits", "image/png", () -> image, Integer.toString(digit)));
        }
        for (String line : Files.readAllLines(folder.resolve("iris/golden.jsonl"))) {
            JsonNode golden = JSON.readTree(line);
            JsonNode expected = golden.get("output").get("class");
            if (expected != null) { // else it is not of the friendly form
                byte[] flower = JSON.writeValueAsBytes(golden.get("input"));
                all.add(new SoakExample("iris", "application/json", () -> flower, expected.asText()));
            }
        }
        return all;
    }
}
