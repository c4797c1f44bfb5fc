/**
 * Webhooks: other systems are told about changes by signed HTTP requests. Start at {@link io.modelregistry.webhooks.WebhookPublisher}, which reads the
 * registry's feed and sends; {@link io.modelregistry.webhooks.Webhook} says where to and what.
 *
 * <p>The feed is the queue. A commit knows nothing of webhooks and never waits for one, and nothing is lost while an endpoint is down.
 */
@NullMarked
package io.modelregistry.webhooks;

import org.jspecify.annotations.NullMarked;
