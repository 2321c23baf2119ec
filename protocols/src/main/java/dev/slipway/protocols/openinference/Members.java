package dev.slipway.protocols.openinference;

import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.json.JsonFailure;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import java.util.Arrays;

/** Members of V2 documents, refused in the words of Triton's JSON reader (common/triton_json.h). */
final class Members {

    private Members() {}

    static String string(JsonReader json, String member) {
        require(json, Token.STRING, member, "non-string as string");
        return json.string();
    }

    static void array(JsonReader json, String member) {
        require(json, Token.ARRAY, member, "non-array as array");
        json.beginArray();
    }

    static void object(JsonReader json, String member) {
        require(json, Token.OBJECT, member, "non-object as object");
        json.beginObject();
    }

    static boolean bool(JsonReader json, String member) {
        Token token = json.peek();
        if (token != Token.TRUE && token != Token.FALSE) {
            throw refused(member, "non-boolean as boolean");
        }
        return json.booleanValue();
    }

    static long unsigned(JsonReader json, String member) {
        require(json, Token.NUMBER, member, "non-unsigned-integer as unsigned-integer");
        Object value = json.value();
        if (!(value instanceof Long number) || number < 0) {
            throw refused(member, "non-unsigned-integer as unsigned-integer");
        }
        return number;
    }

    static long[] shape(JsonReader json) {
        array(json, "shape");
        long[] dims = new long[4];
        int rank = 0;
        while (json.nextElement()) {
            MessageLimits.DIMENSIONS.requireRoom(rank);
            if (rank == dims.length) {
                dims = Arrays.copyOf(dims, 2 * rank);
            }
            dims[rank++] = unsigned(json, "shape");
        }
        return Arrays.copyOf(dims, rank);
    }

    static void require(JsonReader json, Token token, String member, String mismatch) {
        if (json.peek() != token) {
            throw refused(member, mismatch);
        }
    }

    /** A member that must be there and is not. */
    static FailureException missing(String member) {
        return InputCheck.plain(
                "Unable to parse '" + member + "': attempt to access non-existing object member '" + member + "'");
    }

    private static FailureException refused(String member, String mismatch) {
        return InputCheck.plain("Unable to parse '" + member + "': attempt to access JSON " + mismatch);
    }

    /** Text that is no JSON, as Triton says it: {@code ... at 17}; what is JSON and does not fit says so itself. */
    static FailureException unparsed(JsonFailure error) {
        return switch (error.fault()) {
            case JsonFailure.Syntax(long position, String problem) ->
                new FailureException(
                        Failure.BadInput.malformed(
                                "failed to parse the request JSON buffer: " + problem + " at " + position),
                        error);
            case JsonFailure.Misfit _ -> error;
        };
    }
}
