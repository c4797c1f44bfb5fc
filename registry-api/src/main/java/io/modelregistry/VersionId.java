package io.modelregistry;

/**
 * A version of a model. Prints as {@code discharge-summarizer@12}.
 *
 * @param number from 1, without gaps within the model
 */
public record VersionId(ModelName model, long number) implements Comparable<VersionId> {
    public VersionId {
        if (number < 1) {
            throw new InvalidRequestException("No version " + model + "@" + number + ": versions are numbered from 1");
        }
    }

    public static VersionId of(String model, long number) {
        return new VersionId(ModelName.of(model), number);
    }

    @Override
    public int compareTo(VersionId other) {
        int byModel = model.compareTo(other.model);
        return byModel != 0 ? byModel : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return model + "@" + number;
    }
}
