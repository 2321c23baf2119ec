package dev.slipway.tasks;

import dev.slipway.core.DataType;
import dev.slipway.core.DeclaredShape;
import dev.slipway.core.Dimension;
import dev.slipway.core.Failure;
import dev.slipway.core.FailureException;
import dev.slipway.core.Manifest;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Shape;
import dev.slipway.core.TensorLease;
import dev.slipway.core.TensorPool;
import dev.slipway.core.TensorSpec;
import dev.slipway.core.spi.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** How the rows of a table become tensors of the graph: all columns along the last axis of one, or one input each. */
sealed interface TabularInputs {

    Table table();

    /** The tensors of so many rows, to be filled. */
    Filling filling(int rows, TensorPool pool);

    /** Tensors that are filled row by row. */
    interface Filling extends AutoCloseable {

        /** Adds the next row, whose cells were checked. */
        void add(List<Object> row);

        /** The filled tensors, the caller's from now on. */
        List<NamedTensor> finish();

        /** Gives back what was not taken. */
        @Override
        void close();
    }

    static TabularInputs of(Manifest manifest, Steps steps) {
        List<TensorSpec> required = manifest.signature().inputs().stream()
                .filter(spec -> !spec.optional())
                .toList();
        if (manifest.inputs().size() > 1) {
            throw bad("a tabular task has one entry in inputs, or none where each column is an input of the graph, "
                    + manifest.inputs().size() + " given");
        }
        if (!manifest.inputs().isEmpty()) {
            Manifest.Input input = manifest.inputs().values().iterator().next();
            TensorSpec spec = manifest.signature()
                    .input(input.to())
                    .orElseThrow(() -> bad("input '" + input.to() + "' is none of the graph, which takes "
                            + Faults.list(manifest.signature().inputs().stream()
                                    .map(TensorSpec::name)
                                    .toList())));
            return oneTensor(manifest, spec, input, steps);
        }
        if (required.size() == 1) {
            return oneTensor(
                    manifest,
                    required.getFirst(),
                    new Manifest.Input(required.getFirst().name(), List.of()),
                    steps);
        }
        if (required.isEmpty()) {
            throw bad("a tabular task needs an input, the graph takes none");
        }
        return oneEach(manifest, required);
    }

    private static TabularInputs oneTensor(Manifest manifest, TensorSpec spec, Manifest.Input input, Steps steps) {
        List<Dimension> dims = spec.shape().dims();
        long width = !dims.isEmpty() && dims.getLast() instanceof Dimension.Fixed fixed ? fixed.size() : -1;
        List<String> names = manifest.columns();
        if (!input.steps().isEmpty()) {
            width = names.isEmpty() ? width : names.size();
        }
        if (names.isEmpty() && (width < 0 || width > 100_000)) {
            throw bad("input '" + spec.name() + "' is " + spec.dataType() + spec.shape()
                    + ", which does not tell how many columns there are: give columns in model.yaml");
        }
        if (!names.isEmpty() && width >= 0 && names.size() != width) {
            throw bad(names.size() + " columns given, input '" + spec.name() + "' takes " + width);
        }
        int count = names.isEmpty() ? (int) width : names.size();
        DataType type = input.steps().isEmpty() ? spec.dataType() : DataType.FP32;
        List<Column> columns = IntStream.range(0, count)
                .mapToObj(i -> new Column(names.isEmpty() ? String.valueOf(i) : names.get(i), type))
                .toList();
        Step.Flow flow = new Step.Flow(type, DeclaredShape.of(count));
        Pipeline pipeline = Pipeline.of("input '" + spec.name() + "'", flow, input.steps(), steps);
        Batch batch = Batch.of(spec, pipeline.result().shape().dims().size());
        if (pipeline.result().dataType() != spec.dataType()) {
            throw bad("input '" + spec.name() + "': its steps give "
                    + pipeline.result().dataType() + ", the graph takes " + spec.dataType() + ": end with cast");
        }
        return new OneTensor(new Table(columns, !names.isEmpty()), batch, pipeline);
    }

    private static TabularInputs oneEach(Manifest manifest, List<TensorSpec> required) {
        List<Batch> batches = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        List<String> names = required.stream().map(TensorSpec::name).toList();
        List<String> order = manifest.columns().isEmpty() ? names : manifest.columns();
        if (!new HashSet<>(order).equals(new HashSet<>(names)) || order.size() != names.size()) {
            throw bad("columns are " + Faults.list(order) + ", the graph's inputs are " + Faults.list(names));
        }
        for (String name : order) {
            TensorSpec spec = manifest.signature().input(name).orElseThrow();
            int rank = spec.shape().dims().size();
            boolean single = rank < 2
                    || (rank == 2
                            && !(spec.shape().dims().getLast() instanceof Dimension.Fixed fixed && fixed.size() != 1));
            if (!single) {
                throw bad("input '" + name + "' is " + spec.dataType() + spec.shape()
                        + ", a column of a table needs one value per row");
            }
            batches.add(Batch.of(spec, rank == 2 ? 1 : 0));
            columns.add(new Column(name, spec.dataType()));
        }
        return new OneEach(new Table(columns, true), batches);
    }

    private static FailureException bad(String detail) {
        return new FailureException(Failure.BadInput.of(detail));
    }

    /** All columns along the last axis of one tensor. */
    record OneTensor(Table table, Batch batch, Pipeline pipeline) implements TabularInputs {

        @Override
        public Filling filling(int rows, TensorPool pool) {
            batch.requireTakes(rows);
            Shape row = Shape.of(table.columns().size());
            DataType type = table.columns().getFirst().dataType();
            return pipeline.steps().isEmpty()
                    ? new Plain(batch.spec().name(), Cells.of(type, batch.shape(rows, row), pool))
                    : new Stepwise(this, type, row, new ArrayList<>(), pool);
        }
    }

    /** Rows that lie in the tensor as they come. */
    record Plain(String name, Cells cells) implements Filling {

        @Override
        public void add(List<Object> row) {
            row.forEach(cells::add);
        }

        @Override
        public List<NamedTensor> finish() {
            return List.of(new NamedTensor(name, cells.finish()));
        }

        @Override
        public void close() {
            cells.close();
        }
    }

    /** Rows that go through steps, each by itself. */
    record Stepwise(OneTensor inputs, DataType type, Shape row, List<TensorLease> instances, TensorPool pool)
            implements Filling {

        @Override
        public void add(List<Object> given) {
            try (Cells cells = Cells.of(type, row, pool)) {
                given.forEach(cells::add);
                try (TensorLease raw = cells.finish()) {
                    instances.add(inputs.pipeline().apply(raw, pool));
                }
            }
        }

        @Override
        public List<NamedTensor> finish() {
            Batch batch = inputs.batch();
            return List.of(new NamedTensor(batch.spec().name(), batch.stack(instances, pool)));
        }

        @Override
        public void close() {
            instances.forEach(TensorLease::close);
        }
    }

    /** One input of the graph for each column, in their order. */
    record OneEach(Table table, List<Batch> batches) implements TabularInputs {

        @Override
        public Filling filling(int rows, TensorPool pool) {
            List<Cells> columns = new ArrayList<>();
            try {
                for (Batch batch : batches) {
                    batch.requireTakes(rows);
                    int rank = batch.row().ranked() ? batch.row().dims().size() : 1;
                    Shape shape = batch.shape(rows, rank == 0 ? Shape.SCALAR : Shape.of(1));
                    columns.add(Cells.of(batch.spec().dataType(), shape, pool));
                }
                return new Columns(batches, columns);
            } catch (RuntimeException | Error e) {
                columns.forEach(Cells::close);
                throw e;
            }
        }
    }

    /** Rows whose cells go to a tensor each. */
    record Columns(List<Batch> batches, List<Cells> columns) implements Filling {

        @Override
        public void add(List<Object> row) {
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).add(row.get(i));
            }
        }

        @Override
        public List<NamedTensor> finish() {
            List<NamedTensor> tensors = new ArrayList<>();
            try {
                for (int i = 0; i < columns.size(); i++) {
                    String name = batches.get(i).spec().name();
                    tensors.add(new NamedTensor(name, columns.get(i).finish()));
                }
                return tensors;
            } catch (RuntimeException | Error e) {
                NamedTensor.closeAll(tensors);
                throw e;
            }
        }

        @Override
        public void close() {
            columns.forEach(Cells::close);
        }
    }
}
