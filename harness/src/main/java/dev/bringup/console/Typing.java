package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.time.Duration;

/**
 * How fast a board may be typed at, and how patiently.
 *
 * @param pieceSize most characters under way at a time, at least 1; a UART without flow control
 *     loses what comes when its FIFO is full
 * @param delay pause after each piece and each key, in board time; not negative
 * @param echoLimit how long an echo may take, in board time
 * @param attempts how often a line is typed, or a question asked, before that is a failure, at
 *     least 1
 */
public record Typing(int pieceSize, Duration delay, Duration echoLimit, int attempts) {
  /** 16 characters, as many as the FIFO of a 16550 holds; no pause; 2 s; 8 attempts. */
  public static final Typing USUAL = new Typing(16, Duration.ZERO, Duration.ofSeconds(2), 8);

  public Typing {
    if (pieceSize < 1
        || attempts < 1
        || delay.isNegative()
        || echoLimit.isNegative()
        || echoLimit.isZero()) {
      throw BringupException.configuration(
          "typing needs a piece of at least 1 character, at least 1 attempt and time for an echo");
    }
  }

  /** The usual patience with other pieces and pauses. */
  public static Typing of(int pieceSize, Duration delay) {
    return new Typing(pieceSize, delay, USUAL.echoLimit, USUAL.attempts);
  }
}
