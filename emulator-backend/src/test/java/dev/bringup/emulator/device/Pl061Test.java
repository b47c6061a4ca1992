package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Eight pins and what they interrupt. */
class Pl061Test {
  private static final long ALL_PINS = 0x3fc;
  private static final long DIR = 0x400;
  private static final long IS = 0x404;
  private static final long IBE = 0x408;
  private static final long IEV = 0x40c;
  private static final long IE = 0x410;
  private static final long RIS = 0x414;
  private static final long MIS = 0x418;
  private static final long IC = 0x41c;
  private static final long AFSEL = 0x420;

  private boolean level;
  private final Pl061 gpio = new Pl061(l -> level = l);

  private long read(long offset) {
    return gpio.read(offset, 4);
  }

  private void write(long offset, long value) {
    gpio.write(offset, 4, value);
  }

  @Test
  void theDriverOfAnAmbaBusRecognizesIt() {
    long[] expected = {0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};
    for (int i = 0; i < expected.length; i++) {
      assertThat(read(0xfe0 + 4L * i)).isEqualTo(expected[i]);
    }
  }

  @Test
  void theAddressSaysWhichPinsAreWrittenAndRead() {
    write(DIR, 0xff);
    write(ALL_PINS, 0x0f);
    write(0x81 << 2, 0x80);
    assertThat(read(ALL_PINS)).isEqualTo(0x8e);
    assertThat(read(0x0c << 2)).isEqualTo(0x0c);
    assertThat(read(0)).isZero();
  }

  @Test
  void onlyOutputsAreWrittenAndInputsAreWhatDrivesThem() {
    write(DIR, 0x0f);
    write(ALL_PINS, 0xff);
    assertThat(read(ALL_PINS)).isEqualTo(0x0f);
    gpio.drive(7, true);
    gpio.drive(0, false);
    assertThat(read(ALL_PINS)).isEqualTo(0x8f);
    write(DIR, 0);
    assertThat(read(ALL_PINS)).isEqualTo(0x80);
  }

  @Test
  void aRisingEdgeInterruptsUntilItIsCleared() {
    write(IEV, 0x08);
    write(IE, 0x08);
    gpio.drive(3, true);
    assertThat(level).isTrue();
    assertThat(read(MIS)).isEqualTo(0x08);
    gpio.drive(3, false);
    assertThat(level).as("kept").isTrue();
    write(IC, 0x08);
    assertThat(level).isFalse();
    gpio.drive(2, true);
    assertThat(read(RIS)).as("a rise of a pin that waits for falls").isZero();
  }

  @Test
  void fallingAndBothEdges() {
    gpio.drive(0, true);
    assertThat(read(RIS)).isZero();
    gpio.drive(0, false);
    assertThat(read(RIS)).isEqualTo(0x01);
    write(IC, 0xff);
    write(IBE, 0x02);
    gpio.drive(1, true);
    assertThat(read(RIS)).isEqualTo(0x02);
    write(IC, 0xff);
    gpio.drive(1, false);
    assertThat(read(RIS)).isEqualTo(0x02);
    assertThat(level).as("not enabled").isFalse();
  }

  @Test
  void aLevelInterruptsAsLongAsItLasts() {
    write(IS, 0x10);
    write(IEV, 0xff);
    write(IE, 0x10);
    assertThat(level).isFalse();
    gpio.drive(4, true);
    write(IC, 0x10);
    assertThat(level).as("cannot be cleared").isTrue();
    gpio.drive(4, false);
    assertThat(level).isFalse();
    write(IEV, 0);
    assertThat(level).as("now low is what it waits for").isTrue();
    write(DIR, 0x10);
    assertThat(level).as("an output").isFalse();
  }

  @Test
  void registersKeepEightBits() {
    for (long offset : new long[] {DIR, IS, IBE, IEV, IE, AFSEL}) {
      write(offset, 0x1ff);
      assertThat(read(offset)).as("register 0x%x", offset).isEqualTo(0xff);
    }
  }

  @Test
  void stateIsSavedAndResetForgetsItButForTheWires() {
    write(IEV, 0x08);
    write(IE, 0x08);
    write(DIR, 0x03);
    write(ALL_PINS, 0x02);
    gpio.drive(3, true);
    level = false;
    var other = new Pl061(l -> level = l);
    StateTape.copy(gpio, other);
    assertThat(level).isTrue();
    assertThat(other.read(ALL_PINS, 4)).isEqualTo(0x0a);
    other.reset();
    assertThat(level).isFalse();
    assertThat(other.read(ALL_PINS, 4)).isEqualTo(0x08);
    assertThat(other.read(IE, 4)).isZero();
  }
}
