/** Telling listeners what happens, whatever they throw. */
@NullMarked
package io.modelregistry.core.listening;

import org.jspecify.annotations.NullMarked;
