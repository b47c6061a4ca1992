package dev.bringup.emulator.device;

/**
 * The machine's time, a function of retired instructions. Used by the machine's one thread only.
 */
public interface VirtualTime {

  /** One instruction: a tick of the 62.5 MHz counter. */
  long NANOS_PER_TICK = 16;

  /** Nanoseconds since power-on. */
  long nanos();

  /**
   * Makes an alarm, not yet set. All alarms are made when the machine is built, in a fixed order;
   * alarms that are due at the same instant ring in that order.
   *
   * @param action called by the machine's thread between two instructions
   */
  Alarm alarm(String name, Runnable action);

  /** Something that happens once at an instant. Saved and restored by the machine. */
  interface Alarm {
    /** Sets the instant, in {@link VirtualTime#nanos()}; one in the past rings at once. */
    void at(long nanos);

    void cancel();

    /** The instant that is set, {@link Long#MAX_VALUE} if none is. */
    long deadline();
  }
}
