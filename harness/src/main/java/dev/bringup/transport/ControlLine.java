package dev.bringup.transport;

/** A line of a serial port that this side drives; boards often wire them to reset and boot mode. */
public enum ControlLine {
  DTR,
  RTS
}
