package dev.bringup.run;

import dev.bringup.board.Board;
import dev.bringup.boot.InjectedFaults;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.ConsoleEvent.Mark;
import dev.bringup.console.Recording;
import dev.bringup.power.PowerState;
import dev.bringup.tftp.TftpErrorCode;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.LabFault;
import dev.bringup.verdict.VerdictRule;
import dev.bringup.wire.WireHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was wrong with the lab in a span of time, so that what the board seemed to do then says
 * nothing about it.
 */
final class LabFaults {
  /** Looks at power again as often as an order comes in between. */
  private static final int POWER_LOOKS = 5;

  private final Board board;
  private final Recording recording;

  LabFaults(Board board) {
    this.board = board;
    this.recording = board.console().recording();
  }

  /**
   * The faults from {@code begin} to {@code end}, in the time of the board's clock, and those that
   * were injected at any time of the present boot: what they did to it may show much later.
   *
   * @param power what was told and read back at the end
   */
  List<LabFault> in(long begin, long end, Power power, List<TftpTransfer> transfers) {
    var faults = new ArrayList<LabFault>();
    injected().ifPresent(faults::add);
    WireHealth health = WireHealth.of(recording);
    health.gaps().stream()
        .filter(gap -> !gap.withPower() && gap.touches(begin, end))
        .forEach(gap -> faults.add(wireLost(health, gap)));
    power
        .problem()
        .ifPresent(problem ->
            faults.add(
                new LabFault(
                    VerdictRule.POWER_NOT_CONFIRMED,
                    board.file().name() + ": " + problem,
                    "look at the outlet; ./bringup doctor --board "
                        + board.file().name()
                        + " --power-cycle")));
    for (TftpTransfer transfer : transfers) {
      if (transfer.startNanos() + transfer.duration().toNanos() - begin >= 0
          && transfer.startNanos() - end <= 0) {
        serverFailure(transfer)
            .ifPresent(why ->
                faults.add(
                    new LabFault(
                        VerdictRule.TFTP_SERVER_FAILED,
                        "%s: the TFTP server failed at \"%s\": %s"
                            .formatted(board.file().name(), transfer.file(), why),
                        "check the staged file, the disk and the number of open files")));
      }
    }
    return faults;
  }

  private Optional<LabFault> injected() {
    List<String> struck = InjectedFaults.inPresentBoot(recording);
    return struck.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LabFault(
                VerdictRule.INJECTED_FAULT,
                board.file().name() + ": " + InjectedFaults.named(struck),
                "leave the faults out to learn about the product"));
  }

  private LabFault wireLost(WireHealth health, WireHealth.Gap gap) {
    String length =
        gap.to().isPresent()
            ? "for %.1f s".formatted((gap.to().getAsLong() - gap.from()) / 1e9)
            : "and is not back";
    return new LabFault(
        VerdictRule.WIRE_LOST,
        "%s: the console's wire (%s) was lost at offset %d %s: %s"
            .formatted(
                board.file().name(),
                health.transport().orElse("no name"),
                gap.offset(),
                length,
                gap.reason()),
        "check the cable, the serial adapter or the terminal server, and run the scenario again");
  }

  /**
   * Why a transfer failed, if it is the server's own doing and not an answer to a wrong request.
   */
  private static Optional<String> serverFailure(TftpTransfer transfer) {
    return transfer.outcome() instanceof TftpOutcome.Refused(int code, String text)
            && (code == TftpErrorCode.UNDEFINED.code() || code == TftpErrorCode.DISK_FULL.code())
        ? Optional.of(text)
        : Optional.empty();
  }

  /**
   * The board's power.
   *
   * @param told what the recording says; empty before the first order
   * @param readBack what the switch says; UNKNOWN if it cannot be read
   * @param problem why it is not confirmed; empty if it is, or if the switch cannot tell
   */
  record Power(Optional<PowerState> told, PowerState readBack, Optional<String> problem) {

    /** The told state in words. */
    Optional<String> toldInWords() {
      return told.map(Power::word);
    }

    /** The state that was read in words. */
    String readBackInWords() {
      return word(readBack);
    }

    private static String word(PowerState state) {
      return state.name().toLowerCase(Locale.ROOT);
    }
  }

  /** Asks the switch. An emulated board has none that could disobey. */
  Power power() {
    Power power = powerNow();
    for (int look = 1; look < POWER_LOOKS && !power.told().equals(told()); look++) {
      power = powerNow(); // it was switched meanwhile
    }
    return power;
  }

  private Power powerNow() {
    Optional<PowerState> told = told();
    PowerState read;
    try {
      read = board.power().get();
    } catch (BringupException e) {
      return new Power(
          told,
          PowerState.UNKNOWN,
          Optional.of("the power cannot be read back: " + e.getMessage()));
    }
    boolean disobeyed =
        board.file().machine() == null
            && read != PowerState.UNKNOWN
            && told.isPresent()
            && told.get() != read;
    return new Power(
        told,
        read,
        disobeyed
            ? Optional.of(
                "the power was told to be %s and is read back as %s"
                    .formatted(Power.word(told.get()), Power.word(read)))
            : Optional.empty());
  }

  private Optional<PowerState> told() {
    for (ConsoleEvent event : recording.events().reversed()) {
      if (event instanceof Mark(_, _, String text)) {
        if (text.equals(Mark.POWER_ON)) {
          return Optional.of(PowerState.ON);
        }
        if (text.equals(Mark.POWER_OFF)) {
          return Optional.of(PowerState.OFF);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * When the board was last typed at or switched, from {@code begin} to before {@code end}: what a
   * step that only judges looks at came after that.
   */
  OptionalLong lastOrder(long begin, long end) {
    for (ConsoleEvent event : recording.events().reversed()) {
      boolean order =
          switch (event) {
            case ConsoleEvent.Typed _ -> true;
            case Mark mark ->
                mark.text().equals(Mark.POWER_ON) || mark.text().equals(Mark.POWER_OFF);
          };
      if (order && event.nanos() - end < 0) {
        return event.nanos() - begin >= 0 ? OptionalLong.of(event.nanos()) : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }
}
