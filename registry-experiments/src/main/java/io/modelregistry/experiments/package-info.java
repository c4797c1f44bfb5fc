/**
 * What the numbers of an experiment say: {@link io.modelregistry.experiments.ArmTest}. The registry itself records what an analyst found and computes nothing;
 * this module is for analysts who want the two common tests at hand.
 */
@NullMarked
package io.modelregistry.experiments;

import org.jspecify.annotations.NullMarked;
