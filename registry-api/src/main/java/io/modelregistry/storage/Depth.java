package io.modelregistry.storage;

/** How far down {@link StorageBackend#list} looks. */
public enum Depth {
    /** The direct children of the prefix: objects, and folders as prefixes ending in {@code /}. */
    ONE,
    /** Every object below the prefix. */
    ALL
}
