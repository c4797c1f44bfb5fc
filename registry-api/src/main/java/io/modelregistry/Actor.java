package io.modelregistry;

/**
 * Who makes a change: an opaque id of a person or a job. It is a claim that is recorded for ever; what proves it is the store's
 * access control. Use an id that stands for a person rather than the name or address itself: entries can't be erased.
 *
 * @param id 1 to 128 characters, none of them a control or formatting character
 */
public record Actor(String id) {
    public Actor {
        if (id.isBlank()) {
            throw new InvalidRequestException(
                    "An actor has an id that is not blank, such as \"u-4711\" or \"ci:train-job\"");
        }
        Texts.line("actor id", id, 128);
    }

    public static Actor of(String id) {
        return new Actor(id);
    }

    @Override
    public String toString() {
        return id;
    }
}
