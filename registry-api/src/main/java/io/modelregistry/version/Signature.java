package io.modelregistry.version;

import io.modelregistry.InvalidRequestException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a model takes and gives: named, typed, shaped tensors or columns. */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    public Signature {
        inputs = distinct("input", inputs);
        outputs = distinct("output", outputs);
    }

    private static List<TensorSpec> distinct(String kind, List<TensorSpec> specs) {
        Set<String> names = new HashSet<>();
        for (TensorSpec spec : specs) {
            if (!names.add(spec.name())) {
                throw new InvalidRequestException("The signature names the " + kind + " \"" + spec.name() + "\" twice");
            }
        }
        return List.copyOf(specs);
    }
}
