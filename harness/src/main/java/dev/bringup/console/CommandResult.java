package dev.bringup.console;

import java.time.Duration;

/**
 * What a command at a prompt did.
 *
 * @param exitCode as the shell said it, twice
 * @param output standard output and standard error, line ends as LF, without echo and marks
 * @param proof what is known about the output; the exit code is certain in any case
 * @param shellExited whether the command ended its shell, which a fresh one has replaced
 * @param start the offset in the recording at which the typed line begins
 * @param end the offset behind the end mark
 * @param took from Enter to the end mark, in board time
 */
public record CommandResult(
    String command,
    int exitCode,
    String output,
    Proof proof,
    boolean shellExited,
    long start,
    long end,
    Duration took) {

  /** What length and checksum from the board say about an output. */
  public enum Proof {
    /** It is what the command printed, byte for byte. */
    PROVEN,
    /**
     * The board has no checksum to offer, as at U-Boot or in a shell without {@code md5sum}: other
     * lines may be among the output, or parts be missing or damaged.
     */
    NONE,
    /** It is not what the command printed, however often it was asked for. */
    DAMAGED
  }

  /** Whether the output is proven to be what the command printed. */
  public boolean verified() {
    return proof == Proof.PROVEN;
  }
}
