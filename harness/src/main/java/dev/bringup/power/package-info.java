/**
 * Switches of power: outlets of PDUs, USB hubs, relays, GPIO lines, programs, and people. Knows
 * nothing of boards.
 */
@NullMarked
package dev.bringup.power;

import org.jspecify.annotations.NullMarked;
