package dev.bringup.wire;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.ConsoleEvent.Mark;
import dev.bringup.console.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How the wire of a console did, as its recording tells; the same when it is read back later.
 *
 * @param transport the name of the way to the board's UART; empty for a board that has no wire, as
 *     an emulated one
 * @param gaps when the wire was lost, in order
 * @param typedAgain when lines were typed again because they were not echoed, in the time of the
 *     recording's clock
 */
public record WireHealth(Optional<String> transport, List<Gap> gaps, List<Long> typedAgain) {
  /** Begins the mark that names the wire at the beginning of a recording. */
  private static final String WIRE = "wire: ";

  private static final String WIRE_OF_BOARD = "wire that the board powers: ";

  /**
   * A time without the wire. Times are those of the recording's clock.
   *
   * @param offset in the recording
   * @param from when it was lost
   * @param to when it was back; empty if it is still lost
   * @param reason as the host gave it
   * @param withPower the board powers its wire and got no power then, so this is as it should be
   */
  public record Gap(long offset, long from, OptionalLong to, String reason, boolean withPower) {

    /** Whether some of the time from {@code begin} to {@code end} lies in the gap. */
    public boolean touches(long begin, long end) {
      return from <= end && to.orElse(Long.MAX_VALUE) >= begin;
    }
  }

  public WireHealth {
    gaps = List.copyOf(gaps);
    typedAgain = List.copyOf(typedAgain);
  }

  /**
   * Notes in a new recording which wire it is of.
   *
   * @param poweredByBoard whether the wire comes and goes with the board's power
   */
  public static void name(Recording recording, String transport, boolean poweredByBoard) {
    recording.mark((poweredByBoard ? WIRE_OF_BOARD : WIRE) + transport);
  }

  /** The health from the recording's beginning until now. */
  public static WireHealth of(Recording recording) {
    var reader = new Reader();
    recording.events().forEach(reader::read);
    reader.endGap(OptionalLong.empty());
    return new WireHealth(Optional.ofNullable(reader.transport), reader.gaps, reader.typedAgain);
  }

  /** Goes through the events of a recording. */
  private static final class Reader {
    private final List<Gap> gaps = new ArrayList<>();
    private final List<Long> typedAgain = new ArrayList<>();
    private @Nullable String transport;
    private boolean poweredByBoard;
    private boolean powered;
    private @Nullable Mark lost;
    private String reason = "";

    /** Whether the board had no power at some time of the present gap. */
    private boolean unpowered;

    private void read(ConsoleEvent event) {
      if (!(event instanceof Mark mark)) {
        return;
      }
      String text = mark.text();
      if (text.equals(Mark.WIRE_LOST)) {
        endGap(OptionalLong.of(mark.nanos()));
        lost = mark;
        reason = "";
        unpowered = !powered;
      } else if (text.startsWith(WireRecorder.REASON)) {
        reason = text.substring(WireRecorder.REASON.length());
      } else if (text.startsWith(WireRecorder.WIRE_BACK)) {
        endGap(OptionalLong.of(mark.nanos()));
      } else if (text.equals(Mark.TYPED_AGAIN)) {
        typedAgain.add(mark.nanos());
      } else if (text.equals(Mark.POWER_ON) || text.equals(Mark.POWER_OFF)) {
        powered = text.equals(Mark.POWER_ON);
        unpowered |= !powered;
      } else if (mark.offset() == 0 && text.startsWith(WIRE)) {
        transport = text.substring(WIRE.length());
      } else if (mark.offset() == 0 && text.startsWith(WIRE_OF_BOARD)) {
        transport = text.substring(WIRE_OF_BOARD.length());
        poweredByBoard = true;
      }
    }

    private void endGap(OptionalLong to) {
      Mark begin = lost;
      if (begin != null) {
        boolean withPower = poweredByBoard && unpowered;
        gaps.add(new Gap(begin.offset(), begin.nanos(), to, reason, withPower));
        lost = null;
      }
    }
  }
}
