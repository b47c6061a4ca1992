package dev.bringup.cli;

import dev.bringup.console.ConsoleText;
import dev.bringup.console.Recording;
import dev.bringup.console.RecordingReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "replay",
    description = "Shows what a recording (console.rec) holds, also one that was cut off.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECORDING")
  private Path file;

  @Option(names = "--times", description = "Begin each line with its time in seconds.")
  private boolean times;

  @SuppressWarnings("NullAway.Init") // picocli injects options
  ReplayCommand() {}

  @Override
  public Integer call() {
    RecordingReader.Contents read = RecordingReader.open(file);
    Recording recording = read.recording();
    if (times) {
      System.out.print(ConsoleText.timed(recording, 0, recording.end(), recording.timeAt(0)));
    } else {
      System.out.print(recording.text(0, recording.end()));
    }
    System.out.flush();
    read.facts().forEach(fact -> System.err.println("bringup: " + fact));
    return 0;
  }
}
