package dev.bringup.tftp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a request once it has been answered to the end.
 *
 * @param startNanos when the request arrived, by the server's {@link dev.bringup.time.BoardClock}
 * @param start the same in wall time
 * @param client the client's address and port
 * @param file the name as the client sent it
 * @param mode as the client sent it
 * @param requested options as asked for, in the order sent
 * @param granted options of the OACK; empty if there was none
 * @param bytes payload bytes that the receiver has acknowledged
 * @param retransmitted packets that the server sent again
 * @param duration from the request to the outcome, by the same clock
 * @param sha256 of the server's file in lower-case hexadecimal; null unless every byte was
 *     transferred and the file is known not to have changed meanwhile
 */
public record TftpTransfer(
    long startNanos,
    Instant start,
    InetSocketAddress client,
    Direction direction,
    String file,
    String mode,
    Map<String, String> requested,
    Map<String, String> granted,
    long bytes,
    long retransmitted,
    Duration duration,
    @Nullable String sha256,
    TftpOutcome outcome) {

  /** As the client sees it. */
  public enum Direction {
    READ,
    WRITE
  }

  public TftpTransfer {
    requested = Collections.unmodifiableMap(new LinkedHashMap<>(requested));
    granted = Collections.unmodifiableMap(new LinkedHashMap<>(granted));
  }

  /** The same with {@link #startNanos} counted from {@code zero}. */
  public TftpTransfer since(long zero) {
    return new TftpTransfer(
        startNanos - zero,
        start,
        client,
        direction,
        file,
        mode,
        requested,
        granted,
        bytes,
        retransmitted,
        duration,
        sha256,
        outcome);
  }
}
