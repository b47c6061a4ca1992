package dev.bringup.cli;

import dev.bringup.artifact.FetchProgress;
import dev.bringup.board.BootStage;
import dev.bringup.boot.BootConfiguration;
import dev.bringup.boot.BootSession;
import dev.bringup.hold.HeldBoard;
import dev.bringup.report.BoardProgress;
import dev.bringup.verdict.BringupException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is booted on the way to a stage. */
final class BootSetOption {
  @Option(
      names = "--boot-set",
      paramLabel = "NAME",
      description = "What to boot (default: xen-debian12, or linux-debian12 for kernel, userland).")
  private @Nullable String bootSet;

  /**
   * The stage that somebody named after {@code --to}.
   *
   * @throws BringupException (configuration) if there is none of that name
   */
  static BootStage stage(String word) {
    return BootStage.of(word)
        .orElseThrow(() ->
            BringupException.configuration(
                "--to %s: a boot stage is needed: %s"
                    .formatted(
                        word,
                        Arrays.stream(BootStage.values())
                            .map(BootStage::word)
                            .collect(Collectors.joining(", ")))));
  }

  /** What to boot to get there, fetched if need be; empty up to the bootloader. */
  Optional<BootConfiguration> configuration(
      BoardWorkspace workspace, BootStage target, FetchProgress progress) {
    if (target.compareTo(BootStage.BOOTLOADER) <= 0) {
      return Optional.empty();
    }
    String name =
        bootSet != null
            ? bootSet
            : switch (target) {
              case KERNEL, USERLAND -> "linux-debian12";
              default -> "xen-debian12";
            };
    return Optional.of(BootConfiguration.of(workspace.files(name, progress)));
  }

  /** Boots a board that this process holds, and shows how far it is. */
  void boot(HeldBoard held, BoardWorkspace workspace, BootStage target, Optional<Duration> limit) {
    String name = held.board().console().recording().name();
    try (var live = new LiveProgress()) {
      BoardProgress progress = live.boards();
      var session = new BootSession(held.board(), reached -> progress.stage(name, reached.word()));
      session.bootTo(target, configuration(workspace, target, new Announced(progress)), limit);
    } catch (BringupException e) {
      // Not what the board seems to have done when an interrupt switched it off.
      throw held.isClosed() ? BringupException.cancelled("interrupted") : e;
    }
  }
}
