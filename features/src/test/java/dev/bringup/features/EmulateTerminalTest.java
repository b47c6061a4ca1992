package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Tmux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./bringup emulate} at a terminal. */
class EmulateTerminalTest {
  @TempDir private Path folder;

  @BeforeEach
  void realParts() {
    RealParts.file("u-boot-qemu-debian12", "u-boot.bin");
  }

  private Tmux emulate(String after) throws Exception {
    return Tmux.running(
        folder, 100, 40, "'%s' emulate%s".formatted(RealParts.root().resolve("bringup"), after));
  }

  @Test
  void controlCIsTheMachinesAndTheWayOutIsShown() throws Exception {
    try (Tmux ada = emulate("; echo \"exit code $?\"; stty -a; exec cat")) {
      ada.await("every key goes to the machine; Ctrl-A x ends it");
      ada.await("autoboot");
      ada.press("Enter");
      ada.await("=> ");
      ada.press("C-c");
      ada.await("<INTERRUPT>");
      ada.press("echo on", "Space", "it goes", "Enter");
      ada.await("\non it goes");
      ada.press("C-a", "x");
      String after = ada.await("isig");
      assertThat(after)
          .contains("exit code 0")
          .containsPattern("[^-]isig")
          .containsPattern("[^-]icanon");
    }
  }

  @Test
  void aTerminalThatIsClosedEndsTheMachine() throws Exception {
    Path pid = folder.resolve("pid");
    ProcessHandle machine;
    // The launcher becomes the machine, and so has the shell's number.
    try (Tmux ada =
        Tmux.running(
            folder,
            100,
            40,
            "echo $$ >'%s'; exec '%s' emulate"
                .formatted(pid, RealParts.root().resolve("bringup")))) {
      ada.await("autoboot");
      machine = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
      assertThat(machine.isAlive()).isTrue();
    }
    assertThat(machine.onExit().get(120, TimeUnit.SECONDS).isAlive()).isFalse();
  }
}
