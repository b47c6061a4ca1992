package dev.bringup.cli;

import dev.bringup.hold.HoldClient;
import dev.bringup.hold.HoldLock;
import dev.bringup.hold.HoldMessage.From;
import dev.bringup.verdict.BringupException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own that holds a board for others that come and go. It has left the terminal and
 * the streams of whoever began it, so that neither a hang-up ends it nor anybody waits for it.
 */
final class BackgroundHolder {
  /** Firmware may have to be fetched first. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Holding holding;
  private final Path boards;
  private final String linger;
  private final @Nullable Path firmware;

  BackgroundHolder(Holding holding, Path boards, String linger, @Nullable Path firmware) {
    this.holding = holding;
    this.boards = boards;
    this.linger = linger;
    this.firmware = firmware;
  }

  /**
   * Attaches to whoever holds the board, and begins a holder if nobody does.
   *
   * @throws BringupException (infrastructure) if the board cannot be held
   */
  HoldClient attach(From from) {
    long deadline = Holding.deadline(LIMIT);
    @Nullable Process begun = null;
    while (true) {
      Optional<HoldClient> client = holding.attach(from);
      if (client.isPresent()) {
        return client.get();
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
      if (begun == null && isFree()) {
        begun = begin();
      }
      if (begun != null && !begun.isAlive()) {
        if (begun.exitValue() != 0) {
          throw BringupException.infrastructure(
              "%s could not be held: %s".formatted(holding.file().name(), lastWords()),
              "./bringup console " + holding.file().name());
        }
        begun = null; // another one was faster, or it is over already
      }
      Holding.lookAgain();
    }
  }

  private boolean isFree() {
    var lock = holding.lock();
    lock.ifPresent(HoldLock::close);
    return lock.isPresent();
  }

  private Process begin() {
    var command = new ArrayList<String>();
    if (System.getProperty("os.name").equals("Linux")) {
      command.add("setsid"); // of util-linux, which every Linux has
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Dbringup.terminal=false"); // what it says goes into a file
    command.add("--enable-native-access=ALL-UNNAMED"); // else the jar's manifest says so
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("hooks", "hold", "--board", holding.file().name()));
    command.addAll(List.of("--boards", boards.toAbsolutePath().toString(), "--linger", linger));
    if (firmware != null) {
      command.addAll(List.of("--firmware", firmware.toString()));
    }
    File log = holding.place().log().toFile();
    try {
      return new ProcessBuilder(command)
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(log)
          .start();
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "%s could not be held in the background: %s"
              .formatted(holding.file().name(), e.getMessage()),
          "hold it by hand: ./bringup console " + holding.file().name());
    }
  }

  /** The first line that it said, which tells what went wrong. */
  private String lastWords() {
    try (var lines = Files.lines(holding.place().log())) {
      return lines
          .filter(line -> line.startsWith("bringup: "))
          .map(line -> line.substring("bringup: ".length()))
          .reduce((first, second) -> second)
          .orElse("it said nothing");
    } catch (IOException e) {
      return "it left no word";
    }
  }
}
