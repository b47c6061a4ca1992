/**
 * The step vocabulary: what features can say. A public API; changes are listed in the changelog.
 */
@NullMarked
package dev.bringup.steps;

import org.jspecify.annotations.NullMarked;
