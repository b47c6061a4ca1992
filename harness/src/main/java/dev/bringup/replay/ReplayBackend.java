package dev.bringup.replay;

import dev.bringup.board.Board;
import dev.bringup.board.BoardBackend;
import dev.bringup.board.BoardFile;
import dev.bringup.board.BoardNetwork;
import dev.bringup.board.BoardSite;
import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.List;

/**
 * Plays any board from a recording of it: of a whole run ({@code target/bringup/RUN/BOARD.rec}), or
 * of one scenario ({@code console.rec}) that boots the board or finds it at the bootloader. Board
 * files cannot name this engine; who replays says which recording.
 */
public final class ReplayBackend implements BoardBackend {
  private final RecordedRun run;

  private ReplayBackend(RecordedRun run) {
    this.run = run;
  }

  /**
   * Reads the recording and what lies beside it.
   *
   * @throws BringupException (configuration) if it is no recording or damaged before its end
   */
  public static ReplayBackend of(Path recording) {
    return new ReplayBackend(RecordedRun.read(recording));
  }

  /** The board that was recorded. */
  public String board() {
    return run.contents().recording().name();
  }

  /** What a reader should know about the recording, one sentence each. */
  public List<String> facts() {
    return run.contents().facts();
  }

  @Override
  public String engine() {
    return "replay";
  }

  @Override
  public List<Class<?>> capabilities(BoardFile file) {
    return file.network() == null ? List.of() : List.of(BoardNetwork.class);
  }

  @Override
  public Board open(BoardFile file, BoardSite site) {
    return new ReplayBoard(file, run, site);
  }
}
