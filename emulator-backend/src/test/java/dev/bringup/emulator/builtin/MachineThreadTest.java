package dev.bringup.emulator.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual time passes while somebody waits, whatever happens to the machine. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MachineThreadTest {
  private final VirtualClock clock = new VirtualClock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final FakeMachine machine = new FakeMachine();

  /** Something that says a word every 100 ns, and fails when it is told to. */
  private final class FakeMachine implements MachineThread.Work {
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private long now;
    private boolean fails;
    private long words = Long.MAX_VALUE;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void runUntil(long nanos) {
      if (fails) {
        fails = false;
        throw new IllegalStateException("a bug");
      }
      long word = (now / 100 + 1) * 100;
      boolean speaks = word <= nanos && words > 0;
      now = speaks ? word : nanos;
      if (speaks) {
        words--;
        events.add("said at " + now);
      }
      clock.advance(now, speaks);
    }

    @Override
    public void pause() {}

    @Override
    public void failed(Throwable why) {
      events.add(String.valueOf(why.getMessage()));
      clock.advance(now, true);
    }
  }

  /** How many times a wait up to {@code deadline} looked up. */
  private int awaitUntil(long deadline) throws InterruptedException {
    int looks = 0;
    lock.lock();
    try {
      while (clock.nanos() < deadline) {
        clock.await(lock, changed, deadline);
        looks++;
      }
    } finally {
      lock.unlock();
    }
    return looks;
  }

  @Test
  void aWaitLooksUpAtEveryPieceOfNewsAndEndsAtItsDeadline() throws InterruptedException {
    try (var _ = MachineThread.start("fake", clock, machine)) {
      assertThat(awaitUntil(1_050)).isEqualTo(11);
      assertThat(clock.nanos()).isEqualTo(1_050);
      assertThat(machine.events).hasSize(10).endsWith("said at 1000");
    }
  }

  @Test
  void timeStandsStillWhileNobodyWaits() throws InterruptedException {
    try (MachineThread thread = MachineThread.start("fake", clock, machine)) {
      int _ = awaitUntil(500);
      thread.call(() -> machine.events.add("asked"));
      assertThat(clock.nanos()).isEqualTo(500);
      assertThat(machine.events).endsWith("said at 500", "asked");
    }
  }

  @Test
  void aDeadlineWakesThoughTheMachineSaysNothing() throws InterruptedException {
    machine.words = 0;
    try (var _ = MachineThread.start("fake", clock, machine)) {
      assertThat(awaitUntil(3_600_000_000_000L)).isEqualTo(1);
    }
  }

  @Test
  void anErrorOfTheMachineIsToldAndStopsNeitherTimeNorRequests() throws InterruptedException {
    machine.fails = true;
    try (MachineThread thread = MachineThread.start("fake", clock, machine)) {
      int _ = awaitUntil(250);
      thread.call(() -> machine.events.add("asked"));
      assertThat(machine.events).containsExactly("a bug", "said at 100", "said at 200", "asked");
    }
  }

  @Test
  void twoWhoWaitEachSeeTheirDeadline() throws InterruptedException {
    try (var _ = MachineThread.start("fake", clock, machine)) {
      Thread other =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  int _ = awaitUntil(5_000);
                  machine.events.add("other");
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      int _ = awaitUntil(700);
      other.join();
      assertThat(machine.events).contains("other");
      assertThat(clock.nanos()).isGreaterThanOrEqualTo(5_000);
    }
  }

  @Test
  void whatIsAskedOfAClosedMachineReturns() {
    MachineThread thread = MachineThread.start("fake", clock, machine);
    thread.close();
    thread.close();
    thread.call(() -> machine.events.add("too late"));
    assertThat(machine.events).isEmpty();
  }
}
