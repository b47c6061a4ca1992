package dev.bringup.console;

/** Something that happened to a console beside the bytes that it said. */
public sealed interface ConsoleEvent {
  /** The number of console bytes received before this. */
  long offset();

  /** When, in the time of the recording's clock. */
  long nanos();

  /** Bytes sent to the board, one char per byte (ISO 8859-1). */
  record Typed(long offset, long nanos, String bytes) implements ConsoleEvent {}

  /** A fact worth keeping: power on, power off, a scenario's begin, a lost wire. */
  record Mark(long offset, long nanos, String text) implements ConsoleEvent {
    public static final String POWER_ON = "power on";
    public static final String POWER_OFF = "power off";
    public static final String WIRE_LOST = "gap: wire lost";

    /** A line was not echoed as it was typed, so it is taken back and typed again. */
    public static final String TYPED_AGAIN = "typed again";

    /** Begins the mark of a fault that was injected on purpose, and says what it did. */
    public static final String FAULT = "fault: ";
  }
}
