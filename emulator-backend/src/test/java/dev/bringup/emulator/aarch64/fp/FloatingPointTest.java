package dev.bringup.emulator.aarch64.fp;

import static dev.bringup.emulator.aarch64.fp.Format.DOUBLE;
import static dev.bringup.emulator.aarch64.fp.Format.HALF;
import static dev.bringup.emulator.aarch64.fp.Format.SINGLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatingPointTest {
  private static final int AHP = 1 << 26;
  private static final int DN = 1 << 25;
  private static final int FZ = 1 << 24;
  private static final int UP = 1 << 22;
  private static final int DOWN = 2 << 22;
  private static final int TO_ZERO = 3 << 22;

  private final Status status = new Status();
  private final FloatingPoint floats = new FloatingPoint(status);
  private final Conversion conversion = new Conversion(status, floats);
  private final Estimates estimates = new Estimates(status, floats);

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xffff_ffffL;
  }

  @Test
  void roundingToNearestGivesWhatJavaGivesWhetherOrNotTheFlagIsSet() {
    var random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      double a = (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(100));
      double b = (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(100));
      double c = (random.nextDouble() - 0.5) * Math.scalb(1.0, random.nextInt(200));
      status.begin(0, i % 2 == 0 ? 0 : Status.INEXACT);
      assertThat(floats.add(DOUBLE, bits(a), bits(b))).isEqualTo(bits(a + b));
      assertThat(floats.subtract(DOUBLE, bits(a), bits(b))).isEqualTo(bits(a - b));
      assertThat(floats.multiply(DOUBLE, bits(a), bits(b))).isEqualTo(bits(a * b));
      assertThat(floats.divide(DOUBLE, bits(a), bits(b))).isEqualTo(bits(a / b));
      assertThat(floats.squareRoot(DOUBLE, bits(Math.abs(a))))
          .isEqualTo(bits(Math.sqrt(Math.abs(a))));
      status.begin(0, i % 2 == 0 ? 0 : Status.INEXACT);
      assertThat(floats.multiplyAdd(DOUBLE, bits(c), bits(a), bits(b)))
          .isEqualTo(bits(Math.fma(a, b, c)));
    }
  }

  @Test
  void exactResultsAreNotInexact() {
    status.begin(0, 0);
    floats.add(DOUBLE, bits(1.5), bits(0.25));
    floats.multiply(SINGLE, bits(3f), bits(5f));
    floats.divide(DOUBLE, bits(1.0), bits(8.0));
    floats.squareRoot(SINGLE, bits(49f));
    floats.multiplyAdd(DOUBLE, bits(-6.0), bits(2.0), bits(3.0));
    assertThat(status.flags()).isZero();
    floats.divide(DOUBLE, bits(1.0), bits(3.0));
    assertThat(status.flags()).isEqualTo(Status.INEXACT);
  }

  @Test
  void theModeOfRoundingDecidesTheLastBit() {
    long down = bits(1.0 / 3); // rounded to nearest, it lies below a third
    for (int mode : new int[] {0, DOWN, TO_ZERO}) {
      status.begin(mode, 0);
      assertThat(floats.divide(DOUBLE, bits(1.0), bits(3.0))).isEqualTo(down);
    }
    status.begin(UP, 0);
    assertThat(floats.divide(DOUBLE, bits(1.0), bits(3.0))).isEqualTo(down + 1);
    assertThat(floats.divide(DOUBLE, bits(-1.0), bits(3.0))).isEqualTo(bits(-1.0 / 3));
  }

  @Test
  void numbersThatCancelGiveMinusZeroOnlyRoundingDown() {
    status.begin(0, 0);
    assertThat(floats.subtract(SINGLE, bits(1f), bits(1f))).isZero();
    status.begin(DOWN, 0);
    assertThat(floats.subtract(SINGLE, bits(1f), bits(1f))).isEqualTo(0x8000_0000L);
  }

  @Test
  void overflowGivesInfinityOrTheLargestNumber() {
    status.begin(0, 0);
    assertThat(floats.add(SINGLE, 0x7f7f_ffffL, 0x7f7f_ffffL)).isEqualTo(0x7f80_0000L);
    assertThat(status.flags()).isEqualTo(Status.OVERFLOW | Status.INEXACT);
    status.begin(TO_ZERO, 0);
    assertThat(floats.add(SINGLE, 0x7f7f_ffffL, 0x7f7f_ffffL)).isEqualTo(0x7f7f_ffffL);
  }

  @Test
  void tininessIsOfTheValueBeforeItIsRounded() {
    status.begin(0, 0);
    // Just below the least normal number, which it becomes.
    assertThat(floats.multiply(SINGLE, 0x3f7f_ffffL, 0x0080_0000L)).isEqualTo(0x0080_0000L);
    assertThat(status.flags()).isEqualTo(Status.UNDERFLOW | Status.INEXACT);
    status.begin(FZ, 0);
    assertThat(floats.multiply(SINGLE, 0x3f7f_ffffL, 0x0080_0000L)).isZero();
    assertThat(status.flags()).isEqualTo(Status.UNDERFLOW);
  }

  @Test
  void denormalOperandsAreZeroWhereFlushed() {
    status.begin(FZ, 0);
    assertThat(floats.add(SINGLE, 0x8000_0001L, 0)).isZero();
    assertThat(status.flags()).isEqualTo(Status.INPUT_DENORMAL);
    status.begin(0, 0);
    assertThat(floats.add(SINGLE, 0x8000_0001L, 0)).isEqualTo(0x8000_0001L);
    assertThat(status.flags()).isZero();
  }

  @Test
  void signallingNansGoFirstAndBecomeQuiet() {
    status.begin(0, 0);
    assertThat(floats.add(SINGLE, 0x7fc0_0001L, 0xffc0_0002L)).isEqualTo(0x7fc0_0001L);
    assertThat(status.flags()).isZero();
    assertThat(floats.add(SINGLE, 0x7fc0_0001L, 0xff80_0002L)).isEqualTo(0xffc0_0002L);
    assertThat(status.flags()).isEqualTo(Status.INVALID);
    status.begin(DN, 0);
    assertThat(floats.add(SINGLE, 0xffc0_0001L, 0)).isEqualTo(0x7fc0_0000L);
  }

  @Test
  void aQuietAddendDoesNotHideInfinityTimesZero() {
    status.begin(0, 0);
    long infinity = SINGLE.infinity(false);
    assertThat(floats.multiplyAdd(SINGLE, 0xffc0_0001L, infinity, 0)).isEqualTo(0x7fc0_0000L);
    assertThat(status.flags()).isEqualTo(Status.INVALID);
    assertThat(floats.multiplyAdd(SINGLE, 0xff80_0001L, infinity, 0)).isEqualTo(0xffc0_0001L);
    assertThat(floats.multiplyExtended(SINGLE, infinity, 0x8000_0000L)).isEqualTo(bits(-2f));
  }

  @Test
  void fusedOperationsRoundOnce() {
    status.begin(0, 0);
    double a = 1 + 0x1p-52;
    assertThat(floats.multiplyAdd(DOUBLE, bits(-1 - 0x1p-51), bits(a), bits(a)))
        .isEqualTo(bits(0x1p-104));
    assertThat(status.flags()).isZero();
  }

  @Test
  void maximumAndMinimumOrderZerosAndNumbersBeatQuietNans() {
    status.begin(0, 0);
    assertThat(floats.maximum(SINGLE, 0x8000_0000L, 0)).isZero();
    assertThat(floats.minimum(SINGLE, 0, 0x8000_0000L)).isEqualTo(0x8000_0000L);
    assertThat(floats.maximum(SINGLE, 0x7fc0_0000L, bits(1f))).isEqualTo(0x7fc0_0000L);
    assertThat(floats.maximumNumber(SINGLE, 0x7fc0_0000L, bits(1f))).isEqualTo(bits(1f));
  }

  @Test
  void integersSaturate() {
    status.begin(0, 0);
    assertThat(toInt(bits(3e9f), false)).isEqualTo(0x7fff_ffffL);
    assertThat(toInt(bits(-1f), true)).isZero();
    assertThat(toInt(0x7fc0_0000L, false)).isZero();
    assertThat(status.flags()).isEqualTo(Status.INVALID);
    status.begin(0, 0);
    assertThat(toInt(bits(-0.5f), true)).isZero();
    assertThat(status.flags()).isEqualTo(Status.INEXACT);
  }

  private long toInt(long value, boolean unsigned) {
    return conversion.toFixed(SINGLE, value, 0, 32, unsigned, Rounding.TO_ZERO);
  }

  @Test
  void halfPrecisionHasAnotherRangeWhereFpcrSaysSo() {
    status.begin(0, 0);
    assertThat(toHalf(bits(65520f))).isEqualTo(0x7c00);
    status.begin(AHP, 0);
    assertThat(toHalf(bits(65536f))).isEqualTo(0x7c00);
    assertThat(status.flags()).isZero();
    assertThat(toHalf(SINGLE.infinity(true))).isEqualTo(0xffff);
    assertThat(toHalf(0xffc0_0000L)).isEqualTo(0x8000);
    assertThat(status.flags()).isEqualTo(Status.INVALID);
    assertThat(conversion.convert(HALF, SINGLE, 0x7c00, Rounding.TIES_TO_EVEN))
        .isEqualTo(bits(65536f));
  }

  private long toHalf(long value) {
    return conversion.convert(SINGLE, HALF, value, status.rounding());
  }

  @Test
  void denormalHalvesAreNotFlushed() {
    status.begin(FZ, 0);
    assertThat(conversion.convert(HALF, SINGLE, 1, Rounding.TIES_TO_EVEN))
        .isEqualTo(bits(0x1p-24f));
    assertThat(toHalf(bits(0x1p-24f))).isEqualTo(1);
    assertThat(status.flags()).isZero();
  }

  @Test
  void roundingToOddKeepsTheNextRoundingRight() {
    status.begin(0, 0);
    assertThat(conversion.convert(DOUBLE, SINGLE, bits(1 + 0x1p-40), Rounding.TO_ODD))
        .isEqualTo(0x3f80_0001L);
    assertThat(conversion.convert(DOUBLE, SINGLE, bits(1e300), Rounding.TO_ODD))
        .isEqualTo(0x7f7f_ffffL);
  }

  @Test
  void estimatesHaveEightDigits() {
    status.begin(0, 0);
    assertThat(estimates.reciprocal(SINGLE, bits(1f))).isEqualTo(bits(511 / 512f));
    assertThat(estimates.reciprocalRoot(DOUBLE, bits(4.0))).isEqualTo(bits(511 / 1024.0));
    assertThat(estimates.reciprocal(SINGLE, 0x8000_0000L)).isEqualTo(0xff80_0000L);
    assertThat(status.flags()).isEqualTo(Status.DIVIDE_BY_ZERO);
    assertThat(Estimates.reciprocalOfFraction(0x8000_0000L)).isEqualTo(0xff80_0000L);
    assertThat(Estimates.reciprocalRootOfFraction(0x3fff_ffffL)).isEqualTo(0xffff_ffffL);
  }
}
