package dev.bringup.cli;

import dev.bringup.board.BootStage;
import dev.bringup.hold.HeldBoard;
import dev.bringup.units.Durations;
import dev.bringup.verdict.BringupException;
import dev.bringup.wire.ConsolePty;
import dev.bringup.wire.ConsoleServer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run-command",
    description = {
      "Holds a board while any program runs, and ends with that program's exit code; the board is",
      "off and free afterwards. Exit code 3 without running it if the board could not be had.",
      "The program finds BRINGUP_BOARD and, on Linux, BRINGUP_CONSOLE_PTY, a terminal that it can",
      "use like a serial port. ./bringup console and power in it attach to the same board."
    },
    mixinStandardHelpOptions = true)
final class RunProgramCommand implements Callable<Integer> {
  private static final int SECONDS_TO_END = 10;

  @Mixin private BoardWorkspace workspace;

  @Option(names = "--board", required = true, paramLabel = "BOARD", description = "Its name.")
  private String boardName;

  @Option(names = "--power-on", description = "First switch the board on.")
  private boolean powerOn;

  @Option(names = "--to", paramLabel = "STAGE", description = "First boot the board to a stage.")
  private @Nullable String stageWord;

  @Option(names = "--within", paramLabel = "DURATION", description = "Limit for --to.")
  private @Nullable String within;

  @Mixin private BootSetOption bootSet;

  @Mixin private ServeOption serve;

  @Parameters(
      arity = "1..*",
      paramLabel = "PROGRAM",
      description = "The program and its arguments, behind --.")
  private List<String> program;

  private final ReentrantLock starting = new ReentrantLock();
  private boolean ending; // guarded by starting
  private @Nullable Process running; // guarded by starting

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  RunProgramCommand() {}

  @Override
  public Integer call() {
    Optional<BootStage> stage = Optional.ofNullable(stageWord).map(BootSetOption::stage);
    var limit = Optional.ofNullable(within).map(Durations::parse);
    List<ConsoleServer.Options> exports = serve.options();
    var holding = new Holding(workspace, boardName, "run-command " + program.getFirst());
    try (HeldBoard held = holding.open(holding.requireLock(), false, null, null, this::end)) {
      List<ConsoleServer> servers = serve.start(held, exports);
      Optional<ConsolePty> pty = pty(held);
      try {
        if (stage.isPresent()) {
          bootSet.boot(held, workspace, stage.get(), limit);
        } else if (powerOn) {
          held.board().power().on();
        }
        return run(pty);
      } finally {
        pty.ifPresent(ConsolePty::close);
        servers.forEach(ConsoleServer::close);
      }
    }
  }

  private static Optional<ConsolePty> pty(HeldBoard held) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    return Optional.of(
        ConsolePty.start(
            held.board().console().recording(),
            held.server().line("the program at the pseudo terminal")));
  }

  private int run(Optional<ConsolePty> pty) {
    var builder = new ProcessBuilder(program).inheritIO();
    builder.environment().put("BRINGUP_BOARD", boardName);
    pty.ifPresent(made -> builder.environment().put("BRINGUP_CONSOLE_PTY", "" + made.path()));
    Process process = start(builder);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      end();
      throw BringupException.cancelled("interrupted");
    }
  }

  /** The program may run before this returns, and must not be missed by {@link #end}. */
  private Process start(ProcessBuilder builder) {
    starting.lock();
    try {
      if (ending) {
        throw BringupException.cancelled("interrupted");
      }
      Process process = builder.start();
      running = process;
      return process;
    } catch (IOException e) {
      throw BringupException.configuration(
          "cannot run %s: %s".formatted(program.getFirst(), e.getMessage()));
    } finally {
      starting.unlock();
    }
  }

  /** Ends the program; it may use the board until it has ended. */
  private void end() {
    Process process = endingOf();
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  private @Nullable Process endingOf() {
    starting.lock();
    try {
      ending = true;
      return running;
    } finally {
      starting.unlock();
    }
  }
}
