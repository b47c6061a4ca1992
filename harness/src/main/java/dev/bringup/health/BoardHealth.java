package dev.bringup.health;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How fit a board is.
 *
 * @param board its name
 * @param errorsInARow how many runs in a row ended with an infrastructure error on it
 * @param since when the state began, in wall time; null if it always was so
 * @param reason why it is not healthy: the last error, or what somebody wrote; null if it is
 * @param run the run that said so last; null if none did
 */
public record BoardHealth(
    String board,
    State state,
    int errorsInARow,
    @Nullable Instant since,
    @Nullable String reason,
    @Nullable String run) {

  /** In what state a board is. */
  public enum State {
    HEALTHY,
    /** Its last run ended with an infrastructure error; it is used as before. */
    SUSPECT,
    /** Too many such runs in a row: no run uses it until somebody lifts that. */
    QUARANTINED,
    /** Its board file says so: no run uses it. */
    RETIRED;

    /** The state's word for people and files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static BoardHealth healthy(String board) {
    return new BoardHealth(board, State.HEALTHY, 0, null, null, null);
  }

  /** Whether runs may use it. */
  public boolean isUsable() {
    return state == State.HEALTHY || state == State.SUSPECT;
  }

  /** In words, one line: {@code quarantined since ... after ...: ...}. */
  public String inWords() {
    return switch (state) {
      case HEALTHY -> state.word();
      case SUSPECT, QUARANTINED ->
          "%s since %s, after %d %s with an infrastructure error, the last: %s"
              .formatted(
                  state.word(),
                  since,
                  errorsInARow,
                  errorsInARow == 1 ? "run" : "runs in a row",
                  reason);
      case RETIRED -> state.word() + " by its board file";
    };
  }
}
