package dev.bringup.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.ConsoleEvent;
import dev.bringup.console.RecordingReader;
import dev.bringup.console.Tmux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person at a board that runs Xen, dom0 and a guest, which share one UART. */
class XenConsoleTest {
  private static final String BOOT_SET = "xen-debian12-dom0less";

  /** Short: a socket's path may have 107 bytes. */
  @TempDir private Path folder;

  private static void choose(Tmux ada, String console) throws IOException, InterruptedException {
    ada.press("C-]", "c");
    ada.await("console (all, xen, dom0...): ");
    ada.press(console, "Enter");
    ada.await("the board's input goes to " + console);
  }

  @Test
  void whoChoosesAConsoleTypesToItAndTheRecordingSaysSo() throws Exception {
    var _ = RealParts.files(BOOT_SET);
    Path recording = folder.resolve("xen.rec");
    try (Tmux ada =
        Tmux.running(
            Files.createDirectory(folder.resolve("ada")),
            100,
            40,
            "XDG_RUNTIME_DIR='%s' '%s' console emu-virt --boot-set %s --to dom0 --record '%s'%s"
                .formatted(
                    Files.createDirectory(folder.resolve("run")),
                    RealParts.root().resolve("bringup"),
                    BOOT_SET,
                    recording,
                    " --from now; echo \"exit code $?\"; exec cat"))) {
      ada.await("Ctrl-] q quits");

      choose(ada, "dom1");
      ada.pressUntil("Enter", "guest# ");
      ada.press("echo guest $((6*7))", "Enter");
      ada.await("guest 42");
      choose(ada, "xen");
      ada.press("h");
      ada.await("'h' pressed -> showing installed handlers");
      choose(ada, "dom0");
      ada.press("cat /sys/hypervisor/type", "Enter");
      ada.await("\nxen");

      ada.press("C-]", "c");
      ada.await("console (all, xen, dom0...): ");
      ada.press("dom7", "Enter");
      ada.await("only to read: emu-virt: Xen gives its input to");
      ada.press("C-]", "q");
      ada.await("exit code 0");
    }
    assertThat(RecordingReader.open(recording).recording().events())
        .filteredOn(ConsoleEvent.Mark.class::isInstance)
        .extracting(event -> ((ConsoleEvent.Mark) event).text())
        .containsSubsequence("input to dom1", "input to xen", "input to dom0");
  }
}
