/**
 * Ways to a board's UART: serial ports, RFC 2217, telnet, raw TCP, pseudo terminals and programs on
 * their standard streams. A {@link Transport} names a way, a {@link Connection} is one opening of
 * it; whoever owns the wire opens it again when it was lost.
 */
@NullMarked
package dev.bringup.transport;

import org.jspecify.annotations.NullMarked;
