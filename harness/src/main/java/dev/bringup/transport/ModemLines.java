package dev.bringup.transport;

/** The lines of a serial port that the far side drives. */
public record ModemLines(boolean cts, boolean dsr, boolean ring, boolean dcd) {}
