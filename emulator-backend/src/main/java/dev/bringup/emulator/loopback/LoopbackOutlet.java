package dev.bringup.emulator.loopback;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFaults;
import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.Recording;
import dev.bringup.power.PowerState;
import dev.bringup.power.PowerSwitch;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The outlet of an emulated board. Emulated power comes and goes at once while bytes are still on
 * their way through terminals and servers, which no real wire does: so it switches when nothing is
 * under way any more.
 */
final class LoopbackOutlet implements PowerSwitch {
  /** How long nothing may arrive before what is missing counts as lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration LOOK = Duration.ofMillis(5);

  private final Board board;
  private volatile @Nullable Board outside;

  /** So many bytes have gone missing before, and nobody waits for them any more. */
  private volatile long lost;

  LoopbackOutlet(Board board) {
    this.board = board;
  }

  /** Tells who is at the far end of the wire. */
  void arrivesAt(Board far) {
    outside = far;
  }

  @Override
  public String outlet() {
    return "the emulated outlet of " + board.file().name();
  }

  @Override
  public PowerState read() {
    return board.power().get();
  }

  @Override
  public void set(boolean on) {
    awaitArrival();
    if (on) {
      board.power().on();
    } else {
      board.power().off();
      awaitArrival();
    }
  }

  /**
   * Waits until both ends have the same bytes, faults on purpose left aside, or until what is
   * missing must be lost.
   */
  private void awaitArrival() {
    Recording here = board.console().recording();
    Board far = outside;
    if (far == null) {
      return;
    }
    Recording there = far.console().recording();
    BoardFaults wire = far.capability(BoardFaults.class).orElseThrow();
    long before = -1;
    long waited = 0;
    while (waited < PATIENCE.toNanos()) {
      long missing = Math.max(0, here.end() - wire.said()) + Math.max(0, wire.sent() - typed(here));
      if (missing <= lost) {
        lost = missing;
        return;
      }
      waited = missing == before ? waited + LOOK.toNanos() : 0;
      before = missing;
      var _ = there.awaitBeyond(Long.MAX_VALUE - 1, there.clock().nanos() + LOOK.toNanos());
    }
    lost = before;
  }

  private static long typed(Recording recording) {
    return recording.events().stream()
        .mapToLong(event -> event instanceof ConsoleEvent.Typed typed ? typed.bytes().length() : 0)
        .sum();
  }

  @Override
  public void watch(Runnable changed) {
    Thread.ofVirtual().name("outlet of " + board.file().name()).start(() -> follow(changed));
  }

  private void follow(Runnable changed) {
    Recording here = board.console().recording();
    try {
      while (!here.isClosed()) {
        here.awaitPower(false);
        awaitArrival();
        changed.run();
        here.awaitPower(true);
      }
    } catch (BringupException interrupted) {
      // Nobody listens any more.
    }
  }
}
