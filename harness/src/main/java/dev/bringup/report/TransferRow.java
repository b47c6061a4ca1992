package dev.bringup.report;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One file transfer between a board and its TFTP server.
 *
 * @param bytes payload that was acknowledged
 * @param blocksRetransmitted blocks that were sent more than once, counted each time
 * @param complete the whole file arrived
 * @param outcome in words, for people: {@code complete} or the error
 * @param sha256 lower-case hexadecimal digest of the whole file; null if it did not arrive
 */
public record TransferRow(
    String file,
    Direction direction,
    long bytes,
    long blocksRetransmitted,
    Duration duration,
    boolean complete,
    String outcome,
    @Nullable String sha256) {

  /** Who sends the file. */
  public enum Direction {
    TO_BOARD,
    FROM_BOARD;

    /** The direction in words. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
