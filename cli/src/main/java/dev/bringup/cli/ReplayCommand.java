package dev.bringup.cli;

import dev.bringup.console.ConsoleText;
import dev.bringup.console.Recording;
import dev.bringup.console.RecordingPlayback;
import dev.bringup.console.RecordingReader;
import dev.bringup.replay.ReplayBackend;
import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "replay",
    description = {
      "Shows what a recording holds, also one that was cut off.",
      "With FEATURES, runs their steps against the recording instead of a board, as fast as it"
          + " goes."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Mixin private RunOptions run;
  @Mixin private ScenarioFilter filter;

  @Parameters(
      index = "0",
      paramLabel = "RECORDING",
      description = "A run's BOARD.rec or a scenario's console.rec.")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FEATURES",
      description = "Feature files, folders of them, or FILE:LINE.")
  private List<String> features = new ArrayList<>();

  @Option(names = "--times", description = "Begin each line with its time in seconds.")
  private boolean times;

  @Option(names = "--timing", description = "Play it as it happened, with all pauses.")
  private boolean timing;

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      description = "With --timing: how many times as fast as it was (default: 1).")
  private @Nullable Double speed;

  @Option(
      names = "--board",
      paramLabel = "NAME",
      description = "The board file to replay with (default: the one that was recorded).")
  private @Nullable String board;

  @SuppressWarnings("NullAway.Init") // picocli injects options and mixins
  ReplayCommand() {}

  @Override
  public Integer call() {
    requireSensible();
    if (!features.isEmpty()) {
      return replay();
    }
    RecordingReader.Contents read = RecordingReader.open(file);
    show(read.recording());
    tell(read.facts());
    return 0;
  }

  private void requireSensible() {
    if (!features.isEmpty() && (times || timing)) {
      throw BringupException.configuration(
          (times ? "--times" : "--timing")
              + " shows a recording, and features run against it;"
              + " leave one of them out");
    }
    if (times && timing) {
      throw BringupException.configuration("--times and --timing: one at a time");
    }
    if (features.isEmpty() && (board != null || filter.isGiven())) {
      throw BringupException.configuration(
          "--board, --tags and --name choose what features run on; name the features");
    }
    if (speed != null && !timing) {
      throw BringupException.configuration("--speed goes with --timing");
    }
    if (speed != null && !(speed > 0 && speed <= 1e6)) {
      throw BringupException.configuration(
          "--speed %s: must be above 0 and at most 1000000, such as 2 or 0.5".formatted(speed));
    }
  }

  private int replay() {
    ReplayBackend recorded = ReplayBackend.of(file);
    tell(recorded.facts());
    String on = board == null ? recorded.board() : board;
    String again = "./bringup replay %s %s".formatted(file, String.join(" ", features));
    var what =
        new RunOptions.What(
            features,
            List.of(),
            ReplayCommand.class.getClassLoader(),
            filter.tags(),
            filter.name());
    return run.replay(
        what,
        run.workspace().catalog().board(on),
        board == null ? again : again + " --board " + on,
        file,
        recorded);
  }

  private void show(Recording recording) {
    if (timing) {
      play(recording);
    } else if (times) {
      System.out.print(ConsoleText.timed(recording, 0, recording.end(), recording.timeAt(0)));
    } else {
      System.out.print(recording.text(0, recording.end()));
    }
    System.out.flush();
  }

  private void play(Recording recording) {
    // Not through a PrintStream, which swallows that the reader has gone.
    try (var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))) {
      double factor = speed == null ? 1 : speed;
      RecordingPlayback.play(recording, out, BoardClock.system(), factor);
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot write to standard output: " + e.getMessage(), "see where it goes", e);
    }
  }

  private static void tell(List<String> facts) {
    facts.forEach(fact -> System.err.println("bringup: " + fact));
  }
}
