/**
 * Real boards: a console over a {@link dev.bringup.transport.Transport}, power from a {@link
 * dev.bringup.power.PowerSwitch}, files over this host's network, as the board file's {@code
 * drivers} say.
 */
@NullMarked
package dev.bringup.wired;

import org.jspecify.annotations.NullMarked;
