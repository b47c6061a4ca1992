package dev.bringup.boot;

import dev.bringup.artifact.BootFiles;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BootStage;
import dev.bringup.console.CommandResult;
import dev.bringup.console.ConsolePattern;
import dev.bringup.console.Outcome;
import dev.bringup.console.Recording;
import dev.bringup.console.UBootPrompt;
import dev.bringup.image.BootScript;
import dev.bringup.verdict.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Stages a boot set's files and has the bootloader load and start them by a boot script. */
final class BootScriptRun {
  private static final String SCRIPT_NAME = "boot.scr";
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);
  private static final Duration DHCP_LIMIT = Duration.ofSeconds(40);
  private static final Duration SCRIPT_LOAD_LIMIT = Duration.ofSeconds(30);

  private final BoardFile file;
  private final Recording recording;
  private final BoardWatch watch;
  private final BootFailures failures;
  private final Set<String> staged = new HashSet<>();

  BootScriptRun(BoardFile file, Recording recording, BoardWatch watch, BootFailures failures) {
    this.file = file;
    this.recording = recording;
    this.watch = watch;
    this.failures = failures;
  }

  /**
   * Goes from the bootloader's prompt to {@code reached}.
   *
   * @throws BootFailure with the evidence if the board does not get there
   */
  Outcome.Matched run(
      StageWait wait,
      BootConfiguration configuration,
      BoardNetwork network,
      UBootPrompt prompt,
      ConsolePattern reached) {
    stage(network, configuration);
    watch.promise(configuration.files().files().keySet());
    BootStage target = wait.target();
    BoardFile.Network settings = file.require(file.network(), "network");
    mustRun(target, prompt, "setenv autoload no", COMMAND_LIMIT, "the bootloader's setting");
    if (settings.windowSize() > 1) {
      String window = "setenv tftpwindowsize " + settings.windowSize();
      mustRun(target, prompt, window, COMMAND_LIMIT, "the bootloader's setting");
    }
    mustRun(target, prompt, "dhcp", DHCP_LIMIT, "DHCP");
    // On a real network, DHCP is somebody else's, and names another server or none.
    String server = "setenv serverip " + network.serverAddress();
    mustRun(target, prompt, server, COMMAND_LIMIT, "the bootloader's setting");
    String address = file.memoryMap().script().toString();
    String load = settings.loadCommand() + " " + address + " " + SCRIPT_NAME;
    mustRun(target, prompt, load, SCRIPT_LOAD_LIMIT, "the boot script's load");
    watch.guarded(target, () -> prompt.start("source " + address, COMMAND_LIMIT));
    ConsolePattern stopped = ConsolePattern.literal("boot script stopped", BootScript.STOPPED);
    Outcome.Matched first = watch.await(wait, reached, stopped);
    if (first.pattern().equals(reached)) {
      return first;
    }
    throw stopped(wait, first);
  }

  private void stage(BoardNetwork network, BootConfiguration configuration) {
    staged.forEach(network::unstage);
    staged.clear();
    for (BootFiles.BootFile each : configuration.files().files().values()) {
      if (!configuration.missing().contains(each.name())) {
        network.stage(each.name(), each.path());
        staged.add(each.name());
      }
    }
    configuration
        .script()
        .ifPresentOrElse(
            own -> network.stage(SCRIPT_NAME, own),
            () ->
                network.stage(
                    SCRIPT_NAME,
                    BootScripts.of(file, configuration).image(Instant.EPOCH).encode()));
    staged.add(SCRIPT_NAME);
  }

  private void mustRun(
      BootStage target, UBootPrompt prompt, String command, Duration limit, String what) {
    CommandResult result = watch.guarded(target, () -> prompt.run(command, limit));
    if (result.exitCode() != 0) {
      throw failures.failure(
          target,
          FailureKind.INFRASTRUCTURE,
          null,
          "preparation failed",
          what + " failed",
          result.output().strip(),
          result.start(),
          recording.timeAt(result.end()),
          "look at the board's packets: ./bringup run --capture");
    }
  }

  private BootFailure stopped(StageWait wait, Outcome.Matched stopped) {
    String why =
        recording
            .text(wait.from(), stopped.start())
            .lines()
            .filter(line -> line.contains(BootScript.MARK))
            .reduce((first, second) -> second)
            .map(String::strip)
            .orElse("no reason on the console");
    return failures.failure(
        wait.target(),
        FailureKind.PRODUCT,
        null,
        "boot script stopped",
        "the boot script stopped",
        why,
        stopped.start(),
        stopped.nanos(),
        null);
  }
}
