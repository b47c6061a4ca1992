package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Seconds of virtual time, and the alarm at one of them. */
class Pl031Test {
  private static final long DR = 0x00;
  private static final long MR = 0x04;
  private static final long LR = 0x08;
  private static final long CR = 0x0c;
  private static final long IMSC = 0x10;
  private static final long RIS = 0x14;
  private static final long MIS = 0x18;
  private static final long ICR = 0x1c;

  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1_700_000_000L;

  /** Time that the test moves; one alarm. */
  private static final class Clock implements VirtualTime {
    private long now;
    private long deadline = Long.MAX_VALUE;
    private Runnable action = () -> {};

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Alarm alarm(String name, Runnable ring) {
      action = ring;
      return new Alarm() {
        @Override
        public void at(long nanos) {
          deadline = nanos;
        }

        @Override
        public void cancel() {
          deadline = Long.MAX_VALUE;
        }

        @Override
        public long deadline() {
          return deadline;
        }
      };
    }

    private void pass(long nanos) {
      long end = now + nanos;
      while (deadline <= end) {
        now = deadline;
        deadline = Long.MAX_VALUE;
        action.run();
      }
      now = end;
    }
  }

  private final Clock clock = new Clock();
  private boolean level;
  private final Pl031 rtc = new Pl031(l -> level = l, clock, START);

  private long read(long offset) {
    return rtc.read(offset, 4);
  }

  private void write(long offset, long value) {
    rtc.write(offset, 4, value);
  }

  @Test
  void theDriverOfAnAmbaBusRecognizesIt() {
    long[] expected = {0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
    for (int i = 0; i < expected.length; i++) {
      assertThat(read(0xfe0 + 4L * i)).isEqualTo(expected[i]);
    }
  }

  @Test
  void theClockRunsFromTheGivenInstantInWholeSeconds() {
    assertThat(read(CR)).isEqualTo(1);
    assertThat(read(DR)).isEqualTo(START);
    clock.pass(SECOND - 1);
    assertThat(read(DR)).isEqualTo(START);
    clock.pass(1);
    assertThat(read(DR)).isEqualTo(START + 1);
  }

  @Test
  void theCounterIsLoadedAndWraps() {
    clock.pass(10 * SECOND);
    write(LR, 0xffff_ffffL);
    assertThat(read(DR)).isEqualTo(0xffff_ffffL);
    assertThat(read(LR)).isEqualTo(0xffff_ffffL);
    clock.pass(SECOND);
    assertThat(read(DR)).isZero();
  }

  @Test
  void theAlarmRingsWhenTheCounterReachesTheMatchValue() {
    clock.pass(SECOND / 2);
    write(IMSC, 1);
    write(MR, START + 3);
    clock.pass(5 * SECOND / 2 - 1);
    assertThat(level).isFalse();
    clock.pass(1);
    assertThat(level).isTrue();
    assertThat(read(DR)).isEqualTo(START + 3);
    assertThat(read(RIS)).isEqualTo(1);
    assertThat(read(MIS)).isEqualTo(1);
    write(ICR, 1);
    assertThat(level).isFalse();
    assertThat(read(RIS)).isZero();
    clock.pass(100 * SECOND);
    assertThat(read(RIS)).as("once").isZero();
  }

  @Test
  void loadingTheCounterMovesTheAlarm() {
    write(IMSC, 1);
    write(MR, 1000);
    write(LR, 990);
    clock.pass(10 * SECOND - 1);
    assertThat(level).isFalse();
    clock.pass(1);
    assertThat(level).isTrue();
  }

  @Test
  void aMatchValueThatIsReachedAlreadyRingsAtOnce() {
    write(IMSC, 1);
    write(MR, START);
    assertThat(level).isTrue();
    write(ICR, 1);
    assertThat(level).isFalse();
  }

  @Test
  void aMatchValueInThePastRingsAfterTheCounterHasWrapped() {
    write(LR, 0xffff_fff0L);
    write(MR, 5);
    clock.pass(20 * SECOND);
    assertThat(read(RIS)).isZero();
    clock.pass(SECOND);
    assertThat(read(RIS)).isEqualTo(1);
    assertThat(level).as("masked").isFalse();
    write(IMSC, 1);
    assertThat(level).isTrue();
  }

  @Test
  void theClockCannotBeStopped() {
    write(CR, 0);
    clock.pass(SECOND);
    assertThat(read(DR)).isEqualTo(START + 1);
  }

  @Test
  void stateIsSavedAndResetForgetsIt() {
    clock.pass(7 * SECOND);
    write(IMSC, 1);
    write(LR, 500);
    write(MR, 500);
    var other = new Pl031(l -> level = l, clock, START);
    level = false;
    StateTape.copy(rtc, other);
    assertThat(level).isTrue();
    assertThat(other.read(DR, 4)).isEqualTo(500);
    assertThat(other.read(MR, 4)).isEqualTo(500);
    other.reset();
    assertThat(level).isFalse();
    assertThat(clock.deadline).isEqualTo(Long.MAX_VALUE);
    assertThat(other.read(DR, 4)).isEqualTo(START + 7);
  }
}
