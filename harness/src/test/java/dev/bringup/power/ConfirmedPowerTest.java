package dev.bringup.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.time.FakeClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConfirmedPowerTest {
  private final FakeClock clock = new FakeClock();

  /** Shows what a test says, each look a second after the one before. */
  private final class Relay implements PowerSwitch {
    private final Queue<PowerState> shown = new ArrayDeque<>();
    private Duration offFor = Duration.ZERO;
    private int orders;

    Relay(PowerState... shown) {
      this.shown.addAll(List.of(shown));
    }

    @Override
    public String outlet() {
      return "outlet 3 of rack";
    }

    @Override
    public PowerState read() {
      clock.advance(Duration.ofSeconds(1));
      return shown.size() > 1 ? shown.remove() : shown.element();
    }

    @Override
    public void set(boolean on) {
      orders++;
    }

    @Override
    public Duration offFor() {
      return offFor;
    }
  }

  private ConfirmedPower power(Relay relay) {
    return new ConfirmedPower(relay, Duration.ofSeconds(10), clock);
  }

  @Test
  void anOutletMayTakeItsTime() {
    var relay = new Relay(PowerState.ON, PowerState.ON, PowerState.OFF);
    assertThat(power(relay).set(false)).isEqualTo(PowerState.OFF);
    assertThat(relay.orders).isEqualTo(1);
  }

  @Test
  void oneThatTakesTooLongIsStuck() {
    assertThatThrownBy(() -> power(new Relay(PowerState.ON)).set(false))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INFRASTRUCTURE))
        .hasMessage("outlet 3 of rack was told to switch off and is still on after 10 s");
  }

  @Test
  void whatCannotBeReadIsNotConfirmed() {
    assertThat(power(new Relay(PowerState.UNKNOWN)).set(false)).isEqualTo(PowerState.UNKNOWN);
  }

  @Test
  void theNextOnWaitsUntilTheBoardHasBeenOffLongEnough() throws Exception {
    var relay = new Relay(PowerState.OFF, PowerState.ON);
    relay.offFor = Duration.ofHours(2);
    ConfirmedPower power = power(relay);
    power.set(false);
    var on =
        CompletableFuture.supplyAsync(
            () -> power.set(true), task -> Thread.ofVirtual().start(task));
    clock.advance(Duration.ofHours(1));
    assertThat(on).isNotDone();
    assertThat(relay.orders).isEqualTo(1);
    clock.advance(Duration.ofHours(1));
    assertThat(on.get(50, TimeUnit.SECONDS)).isEqualTo(PowerState.ON);
    power.set(true); // it was not off in between
    assertThat(relay.orders).isEqualTo(3);
  }

  @Test
  void anInterruptEndsTheWait() {
    var relay = new Relay(PowerState.OFF);
    relay.offFor = Duration.ofHours(2);
    ConfirmedPower power = power(relay);
    power.set(false);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> power.set(true))
        .isInstanceOfSatisfying(
            BringupException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CANCELLED))
        .hasMessage("interrupted while switching outlet 3 of rack");
    assertThat(Thread.interrupted()).isTrue();
  }
}
