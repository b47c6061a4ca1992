package dev.bringup.hold;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A process that holds a board.
 *
 * @param who as it calls itself, for people
 * @param process its number
 * @param answers whether it lets others attach, now or soon
 * @param since when it took the board, to the second
 */
record Holder(String who, long process, boolean answers, Instant since) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final String ANSWERS = "answers";
  private static final String ALONE = "alone";

  static Holder thisProcess(String who, boolean answers) {
    return new Holder(
        who, ProcessHandle.current().pid(), answers, Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** What {@link #lines} made; empty if it is something else. */
  static Optional<Holder> parse(List<String> lines) {
    try {
      return Optional.of(
          new Holder(
              lines.get(3),
              Long.parseLong(lines.get(0)),
              lines.get(1).equals(ANSWERS),
              Instant.parse(lines.get(2))));
    } catch (RuntimeException e) {
      return Optional.empty(); // it is being written, or was written by another version
    }
  }

  List<String> lines() {
    return List.of(
        String.valueOf(process),
        answers ? ANSWERS : ALONE,
        since.toString(),
        who.replace('\n', ' '));
  }

  /** False for one that was killed and left its name behind, also to a process of its number. */
  boolean isAlive() {
    return ProcessHandle.of(process)
        .filter(alive ->
            alive
                .info()
                .startInstant()
                .map(start -> !start.truncatedTo(ChronoUnit.SECONDS).isAfter(since))
                .orElse(true))
        .isPresent();
  }

  /** Whether it is this very process. */
  boolean isThisProcess() {
    return process == ProcessHandle.current().pid() && isAlive();
  }

  /** In words. */
  @Override
  public String toString() {
    return who + " since " + TIME.format(since);
  }
}
