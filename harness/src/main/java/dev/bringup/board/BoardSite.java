package dev.bringup.board;

import dev.bringup.verdict.BringupException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a board is opened: what it may use of the host.
 *
 * @param recording file for the console's recording, created by the board; empty keeps it in memory
 * @param capture file for the packets of the board's network (pcapng); empty for none
 * @param bootSets where firmware comes from
 * @param problems told what goes wrong with the host while the board goes on, such as a recording
 *     that can no longer be written; called on any thread
 */
public record BoardSite(
    Optional<Path> recording,
    Optional<Path> capture,
    BootSetFiles bootSets,
    Consumer<BringupException> problems) {

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
