package dev.bringup.cli;

import dev.bringup.hold.HeldBoard;
import dev.bringup.hold.HoldLock;
import dev.bringup.units.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The process of a {@link BackgroundHolder}. */
@Command(name = "hold", hidden = true, mixinStandardHelpOptions = true)
final class HookHolderCommand implements Callable<Integer> {
  @Mixin private BoardWorkspace workspace;

  @Option(names = "--board", required = true)
  private String boardName;

  @Option(names = "--linger", required = true)
  private String linger;

  @Option(names = "--firmware")
  private @Nullable Path firmware;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  HookHolderCommand() {}

  @Override
  public Integer call() {
    Duration alone = Durations.parse(linger);
    var holding = new Holding(workspace, boardName, "hooks in the background");
    Optional<HoldLock> lock = holding.lock();
    if (lock.isEmpty()) {
      return 0; // somebody else was faster
    }
    try (HeldBoard held = holding.open(lock.get(), true, firmware, null, () -> {})) {
      String why = held.server().awaitRelease(alone);
      System.err.println("bringup: " + boardName + " is given back: " + why);
    }
    return 0;
  }
}
