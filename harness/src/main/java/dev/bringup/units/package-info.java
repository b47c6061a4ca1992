/**
 * Quantities as people write them in board files and features: sizes, addresses, times, versions.
 */
@NullMarked
package dev.bringup.units;

import org.jspecify.annotations.NullMarked;
