package dev.bringup.run;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.Console;
import dev.bringup.board.FaultInjection;
import dev.bringup.board.PowerControl;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.console.RunMark;
import dev.bringup.console.RunMark.Failed.Deed;
import dev.bringup.fault.Fault;
import dev.bringup.power.PowerState;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A board whose recording also tells what the run tried in vain, which faults it asked for, and
 * where the power was not what it was told to be: without that, nobody could replay it.
 */
final class NotedBoard implements Board {
  private final Board board;
  private final Recording recording;
  private final PowerControl power = new Power();
  private final Console console = new Uart();

  NotedBoard(Board board) {
    this.board = board;
    this.recording = board.console().recording();
  }

  private void note(RunMark mark) {
    if (!recording.isClosed()) {
      recording.mark(mark.text());
    }
  }

  /** Does something, and notes why it failed unless somebody stopped it. */
  private void noting(Deed deed, Predicate<ConsoleEvent> itself, Runnable action) {
    long begun = clock().nanos();
    try {
      action.run();
    } catch (BringupException e) {
      if (e.kind() != FailureKind.CANCELLED) {
        note(RunMark.Failed.of(deed, happened(itself, begun), e));
      }
      throw e;
    }
  }

  /** Whether an event was recorded since {@code begun}. */
  private boolean happened(Predicate<ConsoleEvent> which, long begun) {
    for (ConsoleEvent event : recording.events().reversed()) {
      if (event.nanos() - begun < 0) {
        return false;
      }
      if (which.test(event)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMark(ConsoleEvent event, String text) {
    return event instanceof ConsoleEvent.Mark mark && mark.text().equals(text);
  }

  @Override
  public BoardFile file() {
    return board.file();
  }

  @Override
  public BoardClock clock() {
    return board.clock();
  }

  @Override
  public PowerControl power() {
    return power;
  }

  @Override
  public Console console() {
    return console;
  }

  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    return capability.equals(FaultInjection.class)
        ? board.capability(FaultInjection.class).map(Faults::new).map(capability::cast)
        : board.capability(capability);
  }

  @Override
  public Random marks() {
    return board.marks();
  }

  @Override
  public void close() {
    board.close();
  }

  private final class Uart implements Console {
    @Override
    public Recording recording() {
      return recording;
    }

    @Override
    public void write(byte[] bytes) {
      noting(
          Deed.TYPING,
          event -> event instanceof ConsoleEvent.Typed,
          () -> board.console().write(bytes));
    }
  }

  private final class Power implements PowerControl {
    private final AtomicInteger readings = new AtomicInteger();

    @Override
    public PowerState get() {
      int reading = readings.incrementAndGet();
      PowerState state;
      try {
        state = board.power().get();
      } catch (BringupException e) {
        if (e.kind() != FailureKind.CANCELLED) {
          note(new RunMark.PowerReads(RunMark.PowerReads.NOTHING, reading));
          note(RunMark.Failed.of(Deed.POWER_READING, false, e));
        }
        throw e;
      }
      PowerState told = told();
      if (told != null && told != state) {
        note(new RunMark.PowerReads(state.name().toLowerCase(Locale.ROOT), reading));
      }
      return state;
    }

    private @Nullable PowerState told() {
      for (ConsoleEvent event : recording.events().reversed()) {
        if (isMark(event, ConsoleEvent.Mark.POWER_ON)) {
          return PowerState.ON;
        }
        if (isMark(event, ConsoleEvent.Mark.POWER_OFF)) {
          return PowerState.OFF;
        }
      }
      return null;
    }

    @Override
    public void on() {
      readings.set(0);
      noting(
          Deed.POWER_ON,
          event -> isMark(event, ConsoleEvent.Mark.POWER_ON),
          () -> board.power().on());
    }

    @Override
    public void off() {
      readings.set(0);
      noting(
          Deed.POWER_OFF,
          event -> isMark(event, ConsoleEvent.Mark.POWER_OFF),
          () -> board.power().off());
    }
  }

  private final class Faults implements FaultInjection {
    private final FaultInjection faults;

    private Faults(FaultInjection faults) {
      this.faults = faults;
    }

    @Override
    public void arm(Fault fault, long seed) {
      note(new RunMark.FaultArmed(fault.words(), seed));
      faults.arm(fault, seed);
    }

    @Override
    public void disarm() {
      faults.disarm(); // which may end what they had set off
      note(new RunMark.FaultsDisarmed());
    }

    @Override
    public List<Strike> strikes() {
      return faults.strikes();
    }
  }
}
