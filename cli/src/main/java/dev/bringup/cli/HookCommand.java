package dev.bringup.cli;

import dev.bringup.hold.HoldClient;
import dev.bringup.hold.HoldLock;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.hold.HoldMessage.Keyboard;
import dev.bringup.hold.HoldMessage.Release;
import dev.bringup.hold.HoldMessage.Reset;
import dev.bringup.hold.HoldMessage.Wish;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the programs of {@link HooksCommand.UBoot} do. */
@Command(name = "hook", hidden = true, mixinStandardHelpOptions = true)
final class HookCommand implements Callable<Integer> {
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(60);

  /** Each is one of U-Boot's programs. */
  enum Hook {
    CONSOLE,
    RESET,
    FLASH,
    RELEASE
  }

  @Mixin private BoardWorkspace workspace;

  @Parameters(index = "0")
  private Hook hook;

  /** Board type and identity: the script was written for one board. */
  @Parameters(index = "1..*")
  private List<String> ignored = List.of();

  @Option(names = "--board", required = true)
  private String boardName;

  @Option(names = "--linger", defaultValue = "5 min")
  private String linger;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  HookCommand() {}

  @Override
  public Integer call() {
    var holding =
        new Holding(workspace, boardName, "u-boot-test-" + hook.name().toLowerCase(Locale.ROOT));
    return switch (hook) {
      case CONSOLE -> {
        try (HoldClient client = attach(holding, From.RESET)) {
          client.send(new Keyboard(Wish.TAKE));
          yield new PipedConsole(client, Duration.ZERO, true).run();
        }
      }
      case RESET -> {
        try (HoldClient client = attach(holding, From.NOWHERE)) {
          client.ask(new Reset(), _ -> {});
        }
        yield 0;
      }
      case FLASH -> {
        flash(holding);
        yield 0;
      }
      case RELEASE -> {
        if (!release(holding)) {
          System.err.printf("bringup: %s stays with %s%n", boardName, holding.place().holder());
        }
        yield 0;
      }
    };
  }

  private HoldClient attach(Holding holding, From from) {
    return new BackgroundHolder(holding, workspace.boardsFolder(), linger, null).attach(from);
  }

  private void flash(Holding holding) {
    String build = System.getenv("U_BOOT_BUILD_DIR");
    @Nullable Path firmware = build == null ? null : Path.of(build, "u-boot.bin").toAbsolutePath();
    if (firmware == null || !Files.isRegularFile(firmware) || !holding.takesFirmware()) {
      System.err.printf(
          "bringup: nothing is flashed: %s keeps the U-Boot that it has%n", boardName);
      return;
    }
    if (!release(holding)) {
      throw BringupException.infrastructure(
          "%s runs the firmware that it was opened with by %s, and not %s"
              .formatted(boardName, holding.place().holder(), firmware),
          "end that process, or hide u-boot.bin");
    }
    new BackgroundHolder(holding, workspace.boardsFolder(), linger, firmware)
        .attach(From.NOWHERE)
        .close();
    System.err.printf("bringup: %s runs %s from now on%n", boardName, firmware);
  }

  /** Ends a holder in the background; false if another one has the board. */
  private boolean release(Holding holding) {
    try (HoldClient client = holding.attach(From.NOWHERE).orElse(null)) {
      if (client != null) {
        client.ask(new Release(), _ -> {});
      }
    } catch (BringupException e) {
      if (e.kind() == FailureKind.CONFIGURATION) {
        return false;
      }
      // It was ending already.
    }
    if (holding.place().isHeldAlone()) {
      return false;
    }
    long deadline = Holding.deadline(RELEASE_LIMIT);
    while (true) {
      Optional<HoldLock> lock = holding.lock();
      if (lock.isPresent()) {
        lock.get().close();
        return true;
      }
      if (Holding.isOver(deadline)) {
        throw BringupException.infrastructure(
            "%s is still held by %s".formatted(boardName, holding.place().holder()),
            "end that process");
      }
      Holding.lookAgain();
    }
  }
}
