package dev.bringup.board;

import dev.bringup.verdict.BringupException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a board is opened: what it may use of the host.
 *
 * @param recording file for the console's recording, created by the board; empty keeps it in memory
 * @param capture file for the packets of the board's network (pcapng); empty for none
 * @param bootSets where firmware comes from
 * @param tftp a server that stands in for the one that the board's emulated network would have; a
 *     board with a network of its own ignores it. Empty for the usual one.
 * @param problems told what goes wrong with the host while the board goes on, such as a recording
 *     that can no longer be written; called on any thread
 */
public record BoardSite(
    Optional<Path> recording,
    Optional<Path> capture,
    BootSetFiles bootSets,
    Optional<InetSocketAddress> tftp,
    Consumer<BringupException> problems) {

  /** A place where boards have the TFTP server that they usually have. */
  public BoardSite(
      Optional<Path> recording,
      Optional<Path> capture,
      BootSetFiles bootSets,
      Consumer<BringupException> problems) {
    this(recording, capture, bootSets, Optional.empty(), problems);
  }

  /** Finds files of boot sets. */
  @FunctionalInterface
  public interface BootSetFiles {
    /**
     * The file {@code name} of the boot set {@code bootSet}, fetched if need be.
     *
     * @throws BringupException if it cannot be had
     */
    Path file(String bootSet, String name);
  }
}
