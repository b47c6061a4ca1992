package dev.bringup.power;

/** Whether a board has power, as far as its power driver can tell. */
public enum PowerState {
  ON,
  OFF,
  /** The driver cannot read the state back, or the last action did not confirm it. */
  UNKNOWN
}
