/** Throughput beside that of the bare operation in the same run: quote ratios, not times. */
@NullMarked
package io.modelregistry.benchmarks;

import org.jspecify.annotations.NullMarked;
