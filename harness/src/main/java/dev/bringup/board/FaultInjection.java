package dev.bringup.board;

import dev.bringup.fault.Fault;
import java.util.List;

/**
 * Makes things go wrong between a board and the harness: on its serial line, on its network and
 * with its power. A capability of every board; faults of the board's file are armed from the
 * opening on.
 *
 * <p>Each fault that strikes is marked in the console's recording ({@link
 * dev.bringup.console.ConsoleEvent.Mark#FAULT}), so that nobody blames the board. What comes out of
 * the faulty line is what is recorded; of what is typed the recording notes what was sent into it.
 * Thread-safe.
 */
public interface FaultInjection {

  /**
   * Arms a fault from now on. Faults of a network do nothing to a board without one.
   *
   * @param seed of what is left to chance; the same seed and the same bytes give the same faults
   */
  void arm(Fault fault, long seed);

  /**
   * Takes back what was armed, and ends what it has set off, such as a port that is gone. What the
   * board's file says stays.
   */
  void disarm();

  /** What struck so far, in order. */
  List<Strike> strikes();

  /**
   * A fault that struck.
   *
   * @param what it did, in words: {@code 1 byte from the board lost (console byte 500)}
   * @param offset in the console's recording
   * @param nanos when, in board time
   */
  record Strike(String what, long offset, long nanos) {}
}
