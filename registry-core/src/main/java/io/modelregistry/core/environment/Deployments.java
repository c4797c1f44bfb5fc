package io.modelregistry.core.environment;

import io.modelregistry.Digest;
import io.modelregistry.Revision;
import io.modelregistry.core.log.Entry;
import io.modelregistry.core.log.StoredEntry;
import io.modelregistry.environment.Deployment;
import java.time.Instant;

/** Reads an entry of an environment's stream as what it means to a user. */
final class Deployments {
    private Deployments() {}

    static Deployment of(StoredEntry stored) {
        return stored.decode(entry -> of(entry, stored.at(), stored.digest()));
    }

    private static Deployment of(Entry entry, Instant at, Digest digest) {
        return new Deployment(
                new Revision(entry.stream().path(), entry.sequence()),
                Served.of(entry.state()).current(),
                PromotionCodec.kind(entry.change()),
                entry.actor(),
                entry.reason(),
                at,
                digest,
                PromotionCodec.concluded(entry.change()));
    }
}
