/**
 * The registry in a folder, on a local or a network file system. Most users never come here: {@code file:/var/models} in a
 * registry's location finds this store. Start at {@link io.modelregistry.store.fs.FileBackend}.
 *
 * <p>How it is put together: {@code FileOperations} is every system call that is made; {@code Publisher} makes the one that decides
 * who wins; {@code Folders} and {@code ObjectTree} keep names durable and links out; {@code Call} and {@code OsError} turn what the
 * system says into a {@code StorageException}, and nothing else does.
 */
@NullMarked
package io.modelregistry.store.fs;

import org.jspecify.annotations.NullMarked;
