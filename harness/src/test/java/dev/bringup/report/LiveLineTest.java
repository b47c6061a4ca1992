package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.FakeClock;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveLineTest {
  private final FakeClock clock = new FakeClock();
  private final Screen screen = new Screen(60);
  private final PrintStream terminal = screen.stream();
  private final BoardProgress progress = BoardProgress.on(terminal, true, () -> 60, clock);

  @Test
  void showsStageTimeInStageAndLastConsoleLineOfEachBoard() {
    progress.stage("qemu-virt", "bootloader");
    progress.stage("rpi4", "firmware");
    progress.console("qemu-virt", "\u001b[32mLoading: ####\u001b[0m\r");
    clock.advance(Duration.ofMillis(2100));
    progress.tick();
    assertThat(screen.lines())
        .containsExactly("qemu-virt  bootloader  2.1 s  Loading: ####", "rpi4  firmware  2.1 s");
    progress.stage("qemu-virt", "hypervisor");
    assertThat(screen.lines().getFirst()).startsWith("qemu-virt  hypervisor  0 s");
  }

  @Test
  void otherOutputStandsAboveAndIsNeverGarbled() {
    progress.stage("a", "rom");
    progress.stage("b", "rom");
    try (PrintStream out = progress.through(terminal)) {
      out.print("half a ");
      progress.tick();
      assertThat(screen.lines()).containsExactly("a  rom  0 s", "b  rom  0 s");
      out.print("line\nand two\nand the rest");
      assertThat(screen.lines())
          .containsExactly("half a line", "and two", "a  rom  0 s", "b  rom  0 s");
    }
    progress.close();
    assertThat(screen.lines()).containsExactly("half a line", "and two", "and the rest");
  }

  @Test
  void closingLeavesNothingBehindAndNothingIsDrawnAfterwards() {
    progress.stage("a", "rom");
    progress.stage("b", "rom");
    progress.finished("a");
    assertThat(screen.lines()).containsExactly("b  rom  0 s");
    progress.close();
    assertThat(screen.lines()).isEmpty();
    int sent = screen.bytes();
    progress.stage("a", "dom0");
    progress.tick();
    progress.close();
    assertThat(screen.bytes()).isEqualTo(sent);
    progress.print(terminal, "still works\n");
    assertThat(screen.lines()).containsExactly("still works");
  }

  @Test
  void sendsNothingWhenNothingChanged() {
    progress.stage("a", "rom");
    int sent = screen.bytes();
    progress.tick();
    assertThat(screen.bytes()).isEqualTo(sent);
  }

  @Test
  void whateverTheConsoleSaysStaysOnOneLine() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    progress.stage("a", "rom");
    List<String> printed = new ArrayList<>();
    for (int round = 0; round < 300; round++) {
      StringBuilder line = new StringBuilder();
      for (int i = random.nextInt(120); i > 0; i--) {
        line.append((char) (random.nextBoolean() ? random.nextInt(160) : random.nextInt(0x300)));
      }
      progress.console("a", line.toString());
      progress.tick();
      if (round % 30 == 0) {
        printed.add("line " + round);
        progress.print(terminal, "line " + round + "\n");
      }
      List<String> lines = screen.lines();
      assertThat(lines).as("seed %s", seed).hasSize(printed.size() + 1);
      assertThat(lines.subList(0, printed.size())).isEqualTo(printed);
      assertThat(lines.getLast()).startsWith("a  rom");
    }
  }

  @Test
  void aLineIsCutByColumnsNotByCharacters() {
    assertThat(Columns.fit("日本語テスト", 7)).isEqualTo("日本語…");
    assertThat(Columns.fit("日本語テスト", 12)).isEqualTo("日本語テスト");
    assertThat(Columns.fit("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Columns.fit("abcdef", 5)).isEqualTo("abcd…");
    assertThat(Columns.fit("e\u0301e\u0301e\u0301", 3)).isEqualTo("e\u0301e\u0301e\u0301");
  }
}
