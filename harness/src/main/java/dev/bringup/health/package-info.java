/** Whether a board is fit to be used, what its last runs say about that, and since when. */
@NullMarked
package dev.bringup.health;

import org.jspecify.annotations.NullMarked;
