package dev.bringup.board;

import java.util.List;

/**
 * What only an emulated board can tell about itself: a capability for reports and for tests of
 * repeatability. Thread-safe.
 */
public interface MachineInspection {

  /**
   * A hash of all state that the board's future depends on, at the present instant: equal for two
   * runs only if nothing in them differed.
   *
   * @return SHA-256 in lower-case hexadecimal; empty without power
   */
  String stateHash();

  /**
   * What the board has done since its latest power-on, one line each; empty before the first one.
   */
  List<String> counters();
}
