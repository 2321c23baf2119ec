package dev.slipway.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gives each load to each server, in turns where there are several rounds, so that what else the machine does meets all alike. */
public final class Sweep {

    private final List<LoadRun> servers;
    private final Load.Time time;
    private final int rounds;
    private final Consumer<Load> progress;

    /**
     * A sweep.
     *
     * @param rounds how often each server has each load
     * @param progress told of each load before it is given
     */
    public Sweep(List<LoadRun> servers, Load.Time time, int rounds, Consumer<Load> progress) {
        this.servers = List.copyOf(servers);
        this.time = time;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** The measurements of a load: for each server, in the order given, those of its rounds. */
    public List<List<Measurement>> run(Load load) throws IOException, InterruptedException {
        List<List<Measurement>> measured = new ArrayList<>();
        servers.forEach(_ -> measured.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int server = 0; server < servers.size(); server++) {
                progress.accept(load);
                measured.get(server).add(servers.get(server).run(load, time));
            }
        }
        return measured;
    }
}
