package dev.bringup.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.time.FakeClock;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlainLineTest {
  private final FakeClock clock = new FakeClock();
  private final Screen screen = new Screen(200);
  private final BoardProgress progress = BoardProgress.on(screen.stream(), false, () -> 80, clock);

  @Test
  void changesOfStageAreOneLineEach() {
    progress.stage("qemu-virt", "firmware");
    clock.advance(Duration.ofMillis(600));
    progress.stage("qemu-virt", "bootloader");
    progress.stage("qemu-virt", "bootloader");
    assertThat(screen.lines())
        .containsExactly("qemu-virt: firmware", "qemu-virt: bootloader (0.6 s in firmware)");
  }

  @Test
  void aQuietBoardGetsALineEveryFewSecondsAndNotMore() {
    progress.stage("b", "dom0");
    for (int i = 0; i < 48; i++) {
      clock.advance(Duration.ofMillis(250));
      progress.tick();
    }
    progress.console("b", "\u001b[1mRun /init\u001b[0m");
    clock.advance(Duration.ofSeconds(3));
    progress.tick();
    assertThat(screen.lines())
        .containsExactly(
            "b: dom0",
            "b: dom0 for 5.0 s, console silent",
            "b: dom0 for 10.0 s, console silent",
            "b: dom0 for 15.0 s, last line: Run /init");
  }

  @Test
  void otherOutputPassesWhole() {
    PrintStream out = progress.through(screen.stream());
    byte[] bytes = "grüße\nzwei\nrest".getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      out.write(b);
    }
    assertThat(screen.lines()).containsExactly("grüße", "zwei");
    out.close();
    assertThat(screen.lines()).containsExactly("grüße", "zwei", "rest");
  }

  @Test
  void aFinishedBoardIsSilent() {
    progress.stage("b", "dom0");
    progress.finished("b");
    clock.advance(Duration.ofSeconds(60));
    progress.tick();
    assertThat(screen.lines()).containsExactly("b: dom0");
  }
}
