package dev.bringup.board;

import dev.bringup.power.PowerState;

/**
 * Switches a board's power.
 *
 * <p>Both actions are idempotent and return only when the new state is confirmed. Each real change
 * is marked in the console's recording at the offset at which it happened. Every method throws an
 * infrastructure error when the power hardware or the emulator does not do as told. Thread-safe.
 */
public interface PowerControl {

  PowerState get();

  /** Supplies power; a board that was off starts at its reset vector. */
  void on();

  /**
   * Cuts power. All bytes that the board said before are in the recording when this returns, and
   * none of this boot's are added later.
   */
  void off();

  /** Off, then on. */
  default void cycle() {
    off();
    on();
  }
}
