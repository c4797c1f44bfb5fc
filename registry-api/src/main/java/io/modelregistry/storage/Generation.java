package io.modelregistry.storage;

/** A store's name for one incarnation of an object: deleting and writing it again gives another. Opaque. */
public record Generation(String value) {}
