package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A bus with a host bridge and nothing else; values as recorded from QEMU 7.2. */
class PcieEcamTest {
  private final PcieEcam host = new PcieEcam();

  @Test
  void theHostBridgeIsFoundAtDeviceZero() {
    assertThat(host.read(0x00, 4)).isEqualTo(0x0008_1b36);
    assertThat(host.read(0x04, 4)).isZero();
    assertThat(host.read(0x08, 4)).isEqualTo(0x0600_0000);
    assertThat(host.read(0x0c, 4)).isZero();
    assertThat(host.read(0x2c, 4)).isEqualTo(0x1100_1af4);
    assertThat(host.read(0x0e, 1)).as("an ordinary header of one function").isZero();
  }

  @Test
  void readsOfEachWidthAgree() {
    assertThat(host.read(1, 1)).isEqualTo(0x1b);
    assertThat(host.read(2, 2)).isEqualTo(0x0008);
    assertThat(host.read(0, 8)).isEqualTo(0x0008_1b36L);
  }

  @Test
  void nobodyAnswersElsewhere() {
    long function1 = 1 << 12;
    long device1 = 8 << 12;
    long bus1 = 1 << 20;
    for (long offset : new long[] {0x100, 0xffc, function1, device1, bus1, 0x0fff_fffc}) {
      host.write(offset, 4, 0);
      assertThat(host.read(offset, 1)).isEqualTo(0xff);
      assertThat(host.read(offset, 2)).isEqualTo(0xffff);
      assertThat(host.read(offset, 4)).as("offset 0x%x", offset).isEqualTo(0xffff_ffffL);
    }
  }

  @Test
  void onlyWhatTheBridgeHasCanBeWritten() {
    for (long offset = 0; offset < 0x100; offset += 4) {
      host.write(offset, 4, 0xffff_ffffL);
    }
    for (long offset = 0; offset < 0x100; offset += 4) {
      long expected =
          switch ((int) offset) {
            case 0x00 -> 0x0008_1b36;
            case 0x04 -> 0x0507;
            case 0x08 -> 0x0600_0000;
            case 0x0c, 0x3c -> 0xff;
            case 0x2c -> 0x1100_1af4;
            default -> 0;
          };
      assertThat(host.read(offset, 4)).as("offset 0x%x", offset).isEqualTo(expected);
    }
  }

  @Test
  void aNarrowWriteLeavesItsNeighboursAlone() {
    host.write(0x04, 2, 0x0507);
    host.write(0x05, 1, 0);
    assertThat(host.read(0x04, 4)).isEqualTo(0x0007);
  }

  @Test
  void aWriteThatLeavesTheHeaderStopsThere() {
    host.write(0xfc, 8, -1);
    assertThat(host.read(0xfc, 8)).isEqualTo(0xffff_ffff_0000_0000L);
  }

  @Test
  void stateIsSavedAndResetForgetsIt() {
    host.write(0x04, 2, 0x6);
    var other = new PcieEcam();
    StateTape.copy(host, other);
    assertThat(other.read(0x04, 2)).isEqualTo(0x6);
    other.reset();
    assertThat(other.read(0x04, 2)).isZero();
    assertThat(other.read(0x00, 4)).isEqualTo(0x0008_1b36);
  }
}
