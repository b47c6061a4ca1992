package dev.bringup.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.console.Tmux;
import dev.bringup.transport.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes to a terminal whose owner wants no colours, or that knows characters only. */
class PlainTerminalTest {
  private static final String ESCAPE = "\u001b";
  private static final String COLOUR = "\u001b\\[[0-9;]*m";

  /** Short: a socket's path may have 107 bytes. */
  @TempDir private Path folder;

  private String bringup;

  @BeforeEach
  void aDeskAndARecorderOfTerminals() throws IOException {
    Peers.require("script");
    var desk = new WiredDesk(folder);
    Files.writeString(
        folder.resolve("desk.feature"),
        """
        Feature: desk
          Scenario: starts
            Given the board is at firmware
        """);
    Files.createDirectory(folder.resolve("run"));
    bringup =
        "XDG_RUNTIME_DIR='%s/run' XDG_STATE_HOME='%s/state' BRINGUP_BOARDS='%s' '%s'"
            .formatted(folder, folder, desk.boards(), RealParts.root().resolve("bringup"));
  }

  /** Where {@code command} of a shell runs on a terminal of its own, and is recorded. */
  private String recorded(Path to, String settings, String command) throws IOException {
    Path script = Files.writeString(folder.resolve("script.sh"), command);
    return "env -u NO_COLOR %s script -q -e -c 'sh %s' '%s' </dev/null"
        .formatted(settings, script, to);
  }

  private String seen(String settings) throws Exception {
    Path typescript = folder.resolve("typescript");
    String commands =
        """
        set -e
        %1$s boot desk --to firmware
        %1$s run %2$s/desk.feature --board desk --output %2$s/runs
        %1$s boards
        %1$s --help
        """
            .formatted(bringup, folder);
    Process shell =
        new ProcessBuilder("sh", "-c", recorded(typescript, settings, commands))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertThat(shell.waitFor()).as(Files.readString(folder.resolve("out"))).isZero();
    return Files.readString(typescript, UTF_8);
  }

  @Test
  void runsAndListsHeedWhatTheTerminalsOwnerWants() throws Exception {
    assertThat(seen("TERM=xterm")).containsPattern(COLOUR).contains(ESCAPE + "[2K");
    assertThat(seen("TERM=xterm NO_COLOR=1")).contains("passed").doesNotContainPattern(COLOUR);
    assertThat(seen("TERM=dumb")).contains("passed").doesNotContain(ESCAPE);
  }

  @Test
  void aConsoleAddsNoEscapesWhereThereMayBeNone() throws Exception {
    for (String settings : new String[] {"TERM=dumb", "NO_COLOR=1"}) {
      Path here = Files.createDirectory(folder.resolve(settings));
      Path typescript = here.resolve("typescript");
      String command = recorded(typescript, settings, bringup + " console desk");
      try (Tmux ada =
          Tmux.running(
              here, 100, 40, command.replace(" </dev/null", "; echo exit code $?; exec cat"))) {
        ada.await("Banner of the desk");
        ada.press("C-]", "m");
        ada.await("mark: ");
        ada.press("herx", "BSpace", "e", "Enter", "C-]", "s");
        ada.await("search back: ");
        ada.press("banner", "Enter");
        ada.await("byte 0: Banner of the desk");
        ada.press("C-]", "?");
        ada.await("power-cycle the board");
        ada.press("C-]", "q");
        ada.await("exit code 0");
      }
      assertThat(Files.readString(typescript, UTF_8))
          .contains("mark: herx\b \be\r\n")
          .doesNotContain(ESCAPE);
    }
  }
}
