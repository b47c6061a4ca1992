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
 * @param hostTime whether people or programs type when they like: a board that has a time of its
 *     own then keeps step with the host's instead of standing still while nobody waits for it
 */
public record BoardSite(
    Optional<Path> recording,
    Optional<Path> capture,
    BootSetFiles bootSets,
    Optional<InetSocketAddress> tftp,
    Consumer<BringupException> problems,
    boolean hostTime) {

  /** A place where boards keep the time that they have. */
  public BoardSite(
      Optional<Path> recording,
      Optional<Path> capture,
      BootSetFiles bootSets,
      Optional<InetSocketAddress> tftp,
      Consumer<BringupException> problems) {
    this(recording, capture, bootSets, tftp, problems, false);
  }

  /** A place where boards have the TFTP server that they usually have. */
  public BoardSite(
      Optional<Path> recording,
      Optional<Path> capture,
      BootSetFiles bootSets,
      Consumer<BringupException> problems) {
    this(recording, capture, bootSets, Optional.empty(), problems);
  }

  /** The same place for whoever types when he likes. */
  public BoardSite inHostTime() {
    return new BoardSite(recording, capture, bootSets, tftp, problems, true);
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
