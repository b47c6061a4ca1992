package dev.bringup.tftp;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;

/**
 * A request that was accepted.
 *
 * @param startNanos when it arrived, by the server's {@link dev.bringup.time.BoardClock}
 * @param start the same in wall time
 * @param file the name as the client sent it
 * @param mode as the client sent it
 * @param requested options as asked for, in the order sent
 * @param granted options of the OACK; empty if there was none
 */
public record TransferStarted(
    long startNanos,
    Instant start,
    InetSocketAddress client,
    TftpTransfer.Direction direction,
    String file,
    String mode,
    Map<String, String> requested,
    Map<String, String> granted) {}
