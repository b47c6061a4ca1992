package dev.bringup.replay;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.RunMark;
import dev.bringup.console.RunMark.Failed.Deed;
import dev.bringup.tftp.TftpTransfer;
import java.util.Optional;

/** One thing that happened in a recorded run. */
sealed interface RecordedEvent {
  /** The number of console bytes before this. */
  long offset();

  /** When, in nanoseconds since the recording's start. */
  long nanos();

  /** The board said {@code length} bytes. */
  record Said(long offset, long nanos, int length) implements RecordedEvent {}

  /** Bytes were sent to the board, one char per byte. */
  record Typed(long offset, long nanos, String bytes) implements RecordedEvent {}

  /** The board was given power. */
  record PowerOn(long offset, long nanos) implements RecordedEvent {}

  /** Its power was cut, or it switched itself off. */
  record PowerOff(long offset, long nanos) implements RecordedEvent {}

  /** The run noted something. */
  record Noted(long offset, long nanos, RunMark mark) implements RecordedEvent {}

  /** Somebody else noted something. */
  record Marked(long offset, long nanos, String text) implements RecordedEvent {}

  /** The board asked for a file, and this came of it. */
  record Transferred(long offset, long nanos, TftpTransfer transfer) implements RecordedEvent {}

  static RecordedEvent of(ConsoleEvent event) {
    long offset = event.offset();
    long nanos = event.nanos();
    Optional<RunMark> noted = RunMark.of(event);
    if (noted.isPresent()) {
      return new Noted(offset, nanos, noted.get());
    }
    return switch (event) {
      case ConsoleEvent.Typed typed -> new Typed(offset, nanos, typed.bytes());
      case ConsoleEvent.Mark mark ->
          switch (mark.text()) {
            case ConsoleEvent.Mark.POWER_ON -> new PowerOn(offset, nanos);
            case ConsoleEvent.Mark.POWER_OFF -> new PowerOff(offset, nanos);
            default -> new Marked(offset, nanos, mark.text());
          };
    };
  }

  /**
   * Whether this happened because of somebody other than the board, so that it must be done again
   * before the board goes on.
   */
  default boolean isDeed() {
    return switch (this) {
      case Typed _, PowerOn _ -> true;
      case Noted noted ->
          switch (noted.mark()) {
            case RunMark.ScenarioBegins _, RunMark.FaultArmed _, RunMark.FaultsDisarmed _ -> true;
            case RunMark.Failed failed -> failed.deed() != Deed.POWER_READING;
            case RunMark.ScenarioEnds _,
                RunMark.AtStage _,
                RunMark.Network _,
                RunMark.PowerReads _,
                RunMark.AboutTyping _ ->
                false;
          };
      case Said _, PowerOff _, Marked _, Transferred _ -> false;
    };
  }
}
