/** Bringup: drives boards through their boot stages and says truthfully what happened. */
@NullMarked
package dev.bringup;

import org.jspecify.annotations.NullMarked;
