/** One process holds a board; others attach to it, on this host and as this user. */
@NullMarked
package dev.bringup.hold;

import org.jspecify.annotations.NullMarked;
