package dev.slipway.serving;

import dev.slipway.core.Dimension;
import dev.slipway.core.NamedTensor;
import dev.slipway.core.Signature;
import dev.slipway.core.TensorSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An open dimension whose name several inputs have, which has one size in one request.
 *
 * @param places in which inputs it stands
 */
record SharedDimension(String name, List<Place> places) {

    /** An axis of an input. */
    record Place(String input, int axis) {}

    SharedDimension {
        places = List.copyOf(places);
    }

    /** Those of a signature. A name that no word begins, or that one shape has twice, fills a gap and means nothing. */
    static List<SharedDimension> of(Signature signature) {
        Map<String, List<Place>> places = new LinkedHashMap<>();
        Set<String> fillers = new HashSet<>();
        for (TensorSpec input : signature.inputs()) {
            Set<String> here = new HashSet<>();
            for (int axis = 0; axis < input.shape().dims().size(); axis++) {
                if (input.shape().dims().get(axis) instanceof Dimension.Dynamic(String name)) {
                    boolean word = !name.isEmpty() && Character.isLetter(name.charAt(0));
                    if (!word || !here.add(name)) {
                        fillers.add(name);
                    }
                    places.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Place(input.name(), axis));
                }
            }
        }
        return places.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1 && !fillers.contains(entry.getKey()))
                .map(entry -> new SharedDimension(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What two of the inputs given disagree on; empty when all agree. */
    String difference(Map<String, NamedTensor> given) {
        Place first = null;
        for (Place place : places) {
            if (!given.containsKey(place.input())) {
                continue;
            }
            if (first == null) {
                first = place;
            } else if (size(first, given) != size(place, given)) {
                return "inputs '" + first.input() + "' and '" + place.input() + "' must have the same " + name + ", "
                        + size(first, given) + " and " + size(place, given) + " given";
            }
        }
        return "";
    }

    private static long size(Place place, Map<String, NamedTensor> given) {
        NamedTensor input = given.get(place.input());
        return input == null ? -1 : input.tensor().shape().dim(place.axis());
    }
}
