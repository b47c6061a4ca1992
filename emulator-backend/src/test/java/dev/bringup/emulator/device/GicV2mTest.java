package dev.bringup.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that become interrupts. */
class GicV2mTest {
  private static final long MSI_TYPER = 0x8;
  private static final long MSI_SETSPI = 0x40;

  private final List<String> set = new ArrayList<>();
  private final GicV2m frame =
      new GicV2m(80, 64, interrupt -> level -> set.add(interrupt + " " + level));

  @Test
  void theFrameSaysWhichInterruptsItHasAsTheVirtualBoardDoes() {
    assertThat(frame.read(MSI_TYPER, 4)).isEqualTo(0x0050_0040);
    assertThat(frame.read(0xfcc, 4)).isEqualTo(0x0510_0000);
    assertThat(frame.read(MSI_SETSPI, 4)).as("write-only").isZero();
  }

  @Test
  void aMessageIsAnEdgeOfItsInterrupt() {
    frame.write(MSI_SETSPI, 4, 80);
    frame.write(MSI_SETSPI, 4, 143);
    assertThat(set).containsExactly("80 true", "80 false", "143 true", "143 false");
  }

  @Test
  void messagesForOthersInterruptsAndOtherRegistersDoNothing() {
    frame.write(MSI_SETSPI, 4, 79);
    frame.write(MSI_SETSPI, 4, 144);
    frame.write(MSI_TYPER, 4, 80);
    assertThat(set).isEmpty();
  }

  @Test
  void onlyTheBitsOfAnInterruptNumberCount() {
    frame.write(MSI_SETSPI, 4, 0xffff_fc00L | 80);
    assertThat(set).hasSize(2);
  }

  @Test
  void thereIsNothingToSaveButItsName() {
    StateTape.copy(frame, new GicV2m(80, 64, _ -> _ -> {}));
  }
}
