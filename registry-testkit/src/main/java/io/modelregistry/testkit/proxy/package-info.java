/**
 * A proxy between a store's real client and a real server, which lets requests go wrong on the wire: what a vendor's client makes of a
 * lost answer is its own retry logic, and no fake of the client shows that. Start at
 * {@link io.modelregistry.testkit.proxy.FaultProxy}.
 */
@NullMarked
package io.modelregistry.testkit.proxy;

import org.jspecify.annotations.NullMarked;
