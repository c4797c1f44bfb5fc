/**
 * A server of our own that speaks the part of Cloud Storage's JSON API that clients of objects use, in memory, for tests. Start at
 * {@link io.modelregistry.store.gcs.server.GcsServer}. What it does is what the documentation says, with the page beside it, and where
 * that says nothing, what Google's own test bench does, https://github.com/googleapis/storage-testbench.
 */
package io.modelregistry.store.gcs.server;
