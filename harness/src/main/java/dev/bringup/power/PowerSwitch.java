package dev.bringup.power;

import java.time.Duration;

/**
 * One outlet that a board gets its power from. What it does is told and read back here; whether the
 * outlet obeyed is {@link ConfirmedPower}'s business. Thread-safe.
 *
 * <p>Every method throws an infrastructure error that names the outlet when the switch cannot be
 * reached, answers garbage or refuses. None waits longer than the switch's own time limit.
 */
public interface PowerSwitch extends AutoCloseable {

  /** For messages, with what a person needs to find it: {@code outlet 3 of tasmota at pdu7}. */
  String outlet();

  /** Reads the state back from the hardware; {@link PowerState#UNKNOWN} if that cannot be done. */
  PowerState read();

  /** Tells the outlet to switch. Returns when it took the order, which may be before it obeyed. */
  void set(boolean on);

  /** How long the board must have been off before it is switched on again; often nothing. */
  default Duration offFor() {
    return Duration.ZERO;
  }

  /**
   * Asks to be told of changes that {@link #set} did not cause, such as a board that switches
   * itself off. A switch that cannot see that never calls.
   *
   * @param changed called on any thread; reads the state then
   */
  default void watch(Runnable changed) {}

  /** Lets go of the switch and leaves the outlet as it is. Idempotent. */
  @Override
  default void close() {}
}
