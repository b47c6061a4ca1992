package dev.bringup.fault;

/** Something that shall go wrong between a board and the harness. */
public sealed interface Fault permits LineFault, PacketFault {

  /** When it strikes. */
  Occurrence when();

  /** What it does and when, for a report: {@code every 500th byte from the board: lost}. */
  String words();
}
