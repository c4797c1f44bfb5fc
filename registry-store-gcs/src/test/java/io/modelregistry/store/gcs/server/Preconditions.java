package io.modelregistry.store.gcs.server;

/**
 * What must hold for a request to be served: https://cloud.google.com/storage/docs/request-preconditions. A generation of 0 stands for
 * the absence of a live object. Null asks for nothing.
 */
record Preconditions(Long generationMatch, Long generationNotMatch, Long metagenerationMatch) {

    static Preconditions of(Request request) {
        return new Preconditions(
                request.number("ifGenerationMatch"),
                request.number("ifGenerationNotMatch"),
                request.number("ifMetagenerationMatch"));
    }

    /** @param found the object that is asked for, null if there is none */
    void requireOf(ObjectVersion found) {
        long generation = found == null ? 0 : found.generation();
        if ((generationMatch != null && generationMatch != generation)
                || (generationNotMatch != null && generationNotMatch == generation)
                || (metagenerationMatch != null && (found == null || metagenerationMatch != found.metageneration()))) {
            throw Refusal.preconditionFailed();
        }
    }
}
