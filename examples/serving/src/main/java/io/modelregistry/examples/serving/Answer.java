package io.modelregistry.examples.serving;

/**
 * What became of one request.
 *
 * @param millis since the traffic began
 * @param version number of the version that answered; 0 when nobody did
 */
record Answer(long millis, int status, long version) {
    boolean isGood() {
        return status == 200 && version > 0;
    }
}
