/** The TFTP server that boards load their boot sets from, and the trace of every transfer. */
@NullMarked
package dev.bringup.tftp;

import org.jspecify.annotations.NullMarked;
