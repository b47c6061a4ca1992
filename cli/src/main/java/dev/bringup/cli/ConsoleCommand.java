package dev.bringup.cli;

import dev.bringup.board.BootStage;
import dev.bringup.hold.HeldBoard;
import dev.bringup.hold.HoldClient;
import dev.bringup.hold.HoldLock;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.units.Durations;
import dev.bringup.verdict.BringupException;
import dev.bringup.wire.ConsoleServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "console",
    description = {
      "A board's console on this terminal, from the recording's past to now.",
      "Ctrl-] q ends it, Ctrl-] ? lists the keys. The first one holds the board and switches it",
      "off in the end; whoever comes later reads along, and may take the keyboard.",
      "Without a terminal, standard input is typed, and it ends when that has ended and the board",
      "has been quiet for a while."
    },
    mixinStandardHelpOptions = true)
final class ConsoleCommand implements Callable<Integer> {
  private static final Duration HOLDER_LIMIT = Duration.ofMinutes(3);

  @Mixin private BoardWorkspace workspace;

  @Parameters(paramLabel = "BOARD", description = "The board's name.")
  private String boardName;

  @Option(
      names = "--from",
      paramLabel = "start|now",
      description = "Where reading begins (default: start on a terminal, else now).")
  private @Nullable Begin from;

  @Option(names = "--no-power", description = "Leave the board's power as it is.")
  private boolean noPower;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Record the console into this file, for ./bringup replay.")
  private @Nullable Path record;

  @Option(names = "--to", paramLabel = "STAGE", description = "First boot the board to a stage.")
  private @Nullable String stageWord;

  @Mixin private BootSetOption bootSet;

  @Mixin private ServeOption serve;

  @Option(
      names = "--quiet",
      paramLabel = "DURATION",
      defaultValue = "2 s",
      description = "Without a terminal: how long a quiet is the end (default: ${DEFAULT-VALUE}).")
  private String quiet;

  /** The words of {@code --from}. */
  enum Begin {
    START,
    NOW
  }

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  ConsoleCommand() {}

  @Override
  public Integer call() throws IOException {
    Optional<BootStage> stage = Optional.ofNullable(stageWord).map(BootSetOption::stage);
    if (stage.isPresent() && noPower) {
      throw BringupException.configuration("--to switches the board on: without --no-power");
    }
    Duration quietTime = Durations.parse(quiet);
    List<ConsoleServer.Options> exports = serve.options();
    var holding = new Holding(workspace, boardName, "console");
    long deadline = Holding.deadline(HOLDER_LIMIT);
    while (true) {
      Optional<HoldLock> lock = holding.lock();
      if (lock.isPresent()) {
        return hold(holding, lock.get(), exports, stage, quietTime);
      }
      Optional<HoldClient> client = holding.attach(where());
      if (client.isPresent()) {
        try (HoldClient attached = client.get()) {
          return watch(holding, attached, stage, quietTime);
        }
      }
      if (holding.place().isHeldAlone()) {
        throw holding.place().refusal();
      }
      if (Holding.isOver(deadline)) {
        throw BringupException.infrastructure(
            "%s is held by %s, which does not answer"
                .formatted(holding.file().name(), holding.place().holder()),
            "end that process");
      }
      Holding.lookAgain(); // it is just beginning or just ending
    }
  }

  private From where() {
    Begin begin = from != null ? from : KeyInput.isTerminal() ? Begin.START : Begin.NOW;
    return begin == Begin.START ? From.START : From.NOW;
  }

  private int hold(
      Holding holding,
      HoldLock lock,
      List<ConsoleServer.Options> exports,
      Optional<BootStage> stage,
      Duration quietTime)
      throws IOException {
    try (HeldBoard held = holding.open(lock, false, null, record, () -> {})) {
      List<ConsoleServer> servers = serve.start(held, exports);
      try {
        stage.ifPresent(target -> bootSet.boot(held, workspace, target, Optional.empty()));
        try (HoldClient client = holding.requireHolder(where())) {
          if (stage.isEmpty() && !noPower) {
            held.board().power().on();
          }
          String greeting = "this process holds the board and switches it off in the end";
          return talk(holding, client, greeting, () -> held.server().readers() - 1, quietTime);
        }
      } finally {
        servers.forEach(ConsoleServer::close);
      }
    }
  }

  private int watch(
      Holding holding, HoldClient client, Optional<BootStage> stage, Duration quietTime)
      throws IOException {
    String holder = holding.place().holder();
    if (stage.isPresent() || serve.isGiven() || record != null) {
      throw BringupException.infrastructure(
          "%s is held by %s, and only that process could use --to, --record and --serve"
              .formatted(holding.file().name(), holder),
          "without them, or wait until it has ended");
    }
    return talk(holding, client, "held by " + holder, () -> 0, quietTime);
  }

  private static int talk(
      Holding holding,
      HoldClient client,
      String greeting,
      ConsoleTerminal.Others others,
      Duration quietTime)
      throws IOException {
    String name = holding.file().name();
    if (!KeyInput.isTerminal()) {
      return new PipedConsole(client, quietTime, false).run();
    }
    try (KeyInput keys = KeyInput.open()) {
      return new ConsoleTerminal(client, keys, name, others).run(greeting);
    }
  }
}
