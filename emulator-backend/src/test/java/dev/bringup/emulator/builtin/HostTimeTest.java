package dev.bringup.emulator.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.BoardClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A machine's time that keeps step with the host's, whether or not anybody waits. */
@Timeout(60)
class HostTimeTest {
  private static final long STEP = 2_000_000;

  /** The host's time, which moves only when a test says so. */
  private static final class HostClock implements BoardClock {
    private final AtomicLong now = new AtomicLong();

    void advance(Duration by) {
      now.addAndGet(by.toNanos());
    }

    @Override
    public long nanos() {
      return now.get();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the contract: the caller loops
    public void await(Lock lock, Condition changed, long deadline) throws InterruptedException {
      if (nanos() < deadline) {
        var _ = changed.await(1, TimeUnit.MILLISECONDS);
      }
    }
  }

  private final HostClock host = new HostClock();
  private final VirtualClock clock = VirtualClock.inStepWith(host);

  @Test
  void timePassesAsTheHostsDoesAndInSteps() throws InterruptedException {
    host.advance(Duration.ofMillis(5));
    assertThat(clock.grant()).isEqualTo(STEP);
    clock.advance(STEP, false);
    assertThat(clock.grant()).isEqualTo(2 * STEP);
    clock.advance(2 * STEP, false);

    var third = CompletableFuture.supplyAsync(this::grant);
    host.advance(Duration.ofMillis(1));
    assertThat(third.join()).isEqualTo(3 * STEP);
  }

  @Test
  void aRequestIsNotKeptWaiting() throws Exception {
    var granted = CompletableFuture.supplyAsync(this::grant);
    clock.wake();
    assertThat(granted.get(30, TimeUnit.SECONDS)).as("no time has passed").isZero();
  }

  @Test
  void aMachineThatIsTooSlowIsNotDrivenToCatchUp() throws InterruptedException {
    host.advance(Duration.ofSeconds(10));
    for (int step = 0; step < 50; step++) {
      clock.advance(clock.grant(), false);
    }
    // 100 ms of the ten seconds are made up for; then time goes on with the host's.
    assertThat(clock.nanos()).isEqualTo(50 * STEP);
    var next = CompletableFuture.supplyAsync(this::grant);
    host.advance(Duration.ofMillis(2));
    assertThat(next.join()).isEqualTo(51 * STEP);
  }

  private long grant() {
    try {
      return clock.grant();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
