package io.modelregistry.testkit.simulation;

/**
 * Disks for the machines of some schedules.
 *
 * @param perMille in so many of 1,000 schedules
 */
record Equipment(Disks disks, int perMille) {}
