package dev.bringup.board;

import dev.bringup.tftp.TftpTransfer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The network that a board boots from: an address by DHCP and files by TFTP.
 *
 * <p>Thread-safe. Files can be staged before power-on and while the board runs.
 */
public interface BoardNetwork {

  /** Makes a file reachable for the board under {@code name}, replacing one of that name. */
  void stage(String name, Path file);

  /** Makes bytes reachable for the board under {@code name}, replacing a file of that name. */
  void stage(String name, byte[] content);

  /** Takes a file away; unknown names are ignored. */
  void unstage(String name);

  /** The names that are staged now. */
  Set<String> staged();

  /** What the board wrote to the server under {@code name}, once that was complete. */
  Optional<byte[]> received(String name);

  /** The server's IPv4 address as the board sees it, in dotted form. */
  String serverAddress();

  /** The address that the board is given, in dotted form. */
  String boardAddress();

  /**
   * All finished TFTP transfers since the board was opened, in the order in which they ended. Those
   * that the board takes for finished are among them: if it has said that a file arrived, or that
   * it was refused, this waits for the server to notice.
   */
  List<TftpTransfer> transfers();

  /**
   * Whether {@link #transfers} has all of them. Not so for a recording that was left alone; nothing
   * can be said about transfers then.
   */
  default boolean tracesTransfers() {
    return true;
  }
}
