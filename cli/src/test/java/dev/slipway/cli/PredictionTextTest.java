package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.json.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How each form of a prediction is read by people. */
class PredictionTextTest {

    private static final PredictionText TEXT = new PredictionText(
            new Output(new Program(Path.of("")).environment(System.out, System.err), Output.Format.TABLE, false));

    private static String people(String prediction) {
        return TEXT.people(Document.of(Json.parse(prediction)));
    }

    @Test
    void probabilitiesAreShares() {
        assertThat(people("{'class':'a','confidence':0.9,'probabilities':{'a':0.9,'b':0.1},'model':'m','version':'1'}"
                        .replace('\'', '"')))
                .isEqualTo("a\n\n  a   90.0 %\n  b   10.0 %\n\nm/1\n");
    }

    @Test
    void scoresAreShownAsTheyAre() {
        assertThat(people("{'class':'a','score':12.5,'scores':{'a':12.5,'b':-3},'model':'m','version':'1'}"
                        .replace('\'', '"')))
                .isEqualTo("a\n\n  a    12.5000\n  b    -3.0000\n\nm/1\n");
        assertThat(people(
                        "{'class':'7','score':12.5,'classes':[{'class':'7','score':12.5},{'class':'10','score':2}],'model':'m','version':'1'}"
                                .replace('\'', '"')))
                .isEqualTo("7\n\n  7     12.5000\n  10     2.0000\n\nm/1\n");
    }

    @Test
    void rowsAreATable() {
        assertThat(people(
                        "{'predictions':[{'class':'a','score':1.5},{'class':'b','score':2}],'model':'m','version':'1'}"
                                .replace('\'', '"')))
                .isEqualTo("#  PREDICTION  SCORE\n1  a           1.5000\n2  b           2.0000\n\nm/1\n");
    }

    @Test
    void aValueStandsAlone() {
        assertThat(people("{'value':131.2,'model':'m','version':'1'}".replace('\'', '"')))
                .isEqualTo("131.2\n\nm/1\n");
    }
}
