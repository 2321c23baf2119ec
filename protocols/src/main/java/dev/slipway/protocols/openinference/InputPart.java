package dev.slipway.protocols.openinference;

import dev.slipway.core.DataType;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Quoted;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.json.JsonReader;
import dev.slipway.json.JsonReader.Token;
import org.jspecify.annotations.Nullable;

/** One element of {@code inputs}, its members in whatever order they come. Holds a tensor until it is taken or closed. */
final class InputPart implements AutoCloseable {

    private final InputCheck check;
    private final TensorPool pool;
    private @Nullable String name;
    private @Nullable String dataType;
    private long @Nullable [] shape;
    private @Nullable Long binarySize;
    private @Nullable TensorLease tensor;
    private long data = -1;
    private boolean sharedMemory;

    InputPart(InputCheck check, TensorPool pool) {
        this.check = check;
        this.pool = pool;
    }

    void read(JsonReader json) {
        Members.object(json, "inputs");
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            switch (member) {
                case "name" -> name = Members.string(json, "name");
                case "datatype" -> dataType = Members.string(json, "datatype");
                case "shape" -> shape = Members.shape(json);
                case "parameters" -> parameters(json);
                case "data" -> data(json);
                default -> json.skip();
            }
        }
    }

    private void parameters(JsonReader json) {
        Members.object(json, "parameters");
        for (String parameter = json.nextName(); parameter != null; parameter = json.nextName()) {
            switch (parameter) {
                case "binary_data_size" -> binarySize = Members.unsigned(json, "binary_data_size");
                case "shared_memory_region" -> {
                    sharedMemory = true;
                    json.skip();
                }
                default -> json.skip();
            }
        }
    }

    /** Decodes at once where it is known as what; else passes over it, to come back. */
    private void data(JsonReader json) {
        data = json.position();
        if (name != null && dataType != null && shape != null && binarySize == null) {
            tensor = decode(json);
        } else {
            json.skip();
        }
    }

    private TensorLease decode(JsonReader json) {
        check.input(name(), dataType(), shape());
        if (json.peek() != Token.ARRAY) {
            throw InputCheck.plain("Unable to parse 'data': attempt to access JSON non-array as array");
        }
        return json.tensor("input " + Quoted.of(name()), dataType(), shape(), pool);
    }

    /** Refuses an input that lacks a member, has its data from nowhere or from two places, or does not fit the model. */
    void require() {
        int sources = (data >= 0 ? 1 : 0) + (binarySize != null ? 1 : 0) + (sharedMemory ? 1 : 0);
        if (sources != 1) {
            throw InputCheck.plain("Input must set only one of the following fields: 'data', 'binary_data_size' in"
                    + " 'parameters', 'shared_memory_region' in 'parameters'. But"
                    + (sources == 0 ? " no field is set" : " set")
                    + (sources > 0 && data >= 0 ? " 'data'" : "")
                    + (sources > 0 && binarySize != null ? " 'binary_data_size'" : "")
                    + (sources > 0 && sharedMemory ? " 'shared_memory_region'" : ""));
        }
        if (sharedMemory) {
            throw new FailureException(
                    new Failure.Unsupported("shared memory is not supported; send the input's data"));
        }
        check.input(name(), dataType(), shape());
    }

    String name() {
        return required(name, "name");
    }

    DataType dataType() {
        return InputCheck.dataType(name(), required(dataType, "datatype"));
    }

    Shape shape() {
        return InputCheck.shape(name(), required(shape, "shape"));
    }

    private static <T> T required(@Nullable T value, String member) {
        if (value == null) {
            throw Members.missing(member);
        }
        return value;
    }

    /** Whether the data comes as bytes after the JSON. */
    boolean binary() {
        return binarySize != null;
    }

    /** The bytes announced; 0 where none were. */
    long binarySize() {
        return binarySize == null ? 0 : binarySize;
    }

    /** The data that came as JSON, a claim of the caller's from now on. */
    TensorLease take(JsonReader json) {
        TensorLease decoded = tensor;
        tensor = null;
        return decoded == null ? decode(json.reread(data)) : decoded;
    }

    @Override
    public void close() {
        TensorLease decoded = tensor;
        if (decoded != null) {
            tensor = null;
            decoded.close();
        }
    }
}
