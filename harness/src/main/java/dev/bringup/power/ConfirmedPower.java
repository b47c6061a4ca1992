package dev.bringup.power;

import dev.bringup.time.BoardClock;
import dev.bringup.units.Durations;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Switches an outlet and does not believe it: the new state is read back until it is what was told.
 * Thread-safe.
 */
public final class ConfirmedPower implements AutoCloseable {
  /** Long enough for every outlet that works. */
  public static final Duration USUAL_LIMIT = Duration.ofSeconds(15);

  /** Between two looks at an outlet that has not obeyed yet. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(5);

  private static final Duration LAST_LOOK = Duration.ofMillis(500);

  private final PowerSwitch outlet;
  private final Duration limit;
  private final BoardClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition never = lock.newCondition();

  /** When it went off, guarded by lock; empty if it is on or was off before this was made. */
  private OptionalLong offSince = OptionalLong.empty();

  /**
   * @param limit how long an outlet may take to obey
   */
  public ConfirmedPower(PowerSwitch outlet, Duration limit, BoardClock clock) {
    this.outlet = outlet;
    this.limit = limit;
    this.clock = clock;
  }

  /** As read back now. */
  public PowerState read() {
    return outlet.read();
  }

  /**
   * Waits until the board has been off as long as its switch says that it must be; {@link #set}
   * does so too.
   *
   * @throws BringupException (cancelled) if the thread is interrupted
   */
  public void awaitRest() {
    lock.lock();
    try {
      rest();
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Switches, and returns the state that was read back: what was told, or {@link
   * PowerState#UNKNOWN} from a switch that cannot be read. After an off, waits with the next on as
   * long as the switch says that the board must be off.
   *
   * @throws BringupException (infrastructure) if the outlet still shows the other state when the
   *     limit is over; (cancelled) if the thread is interrupted
   */
  public PowerState set(boolean on) {
    lock.lock();
    try {
      if (on) {
        rest();
      }
      OptionalLong offBefore = offSince;
      offSince = OptionalLong.empty();
      outlet.set(on);
      PowerState wanted = on ? PowerState.ON : PowerState.OFF;
      long deadline = clock.nanos() + limit.toNanos();
      Duration pause = FIRST_LOOK;
      PowerState now = outlet.read();
      while (now != wanted && now != PowerState.UNKNOWN) {
        if (deadline - clock.nanos() <= 0) {
          throw stuck(on, now);
        }
        clock.await(lock, never, Math.min(deadline, clock.nanos() + pause.toNanos()));
        pause = pause.multipliedBy(2).compareTo(LAST_LOOK) < 0 ? pause.multipliedBy(2) : LAST_LOOK;
        now = outlet.read();
      }
      if (!on) {
        offSince = offBefore.isPresent() ? offBefore : OptionalLong.of(clock.nanos());
      }
      return now;
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private BringupException interrupted() {
    Thread.currentThread().interrupt();
    return BringupException.cancelled("interrupted while switching " + outlet.outlet());
  }

  private void rest() throws InterruptedException {
    if (offSince.isPresent()) {
      long end = offSince.getAsLong() + outlet.offFor().toNanos();
      while (end - clock.nanos() > 0) {
        clock.await(lock, never, end);
      }
    }
  }

  private BringupException stuck(boolean on, PowerState now) {
    return BringupException.infrastructure(
        "%s was told to switch %s and is still %s after %s"
            .formatted(
                outlet.outlet(),
                on ? "on" : "off",
                now == PowerState.ON ? "on" : "off",
                Durations.format(limit)),
        "look at the outlet: a stuck relay, a switch held by hand, or the wrong outlet number");
  }

  @Override
  public void close() {
    outlet.close();
  }
}
