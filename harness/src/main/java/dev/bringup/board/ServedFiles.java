package dev.bringup.board;

import dev.bringup.tftp.StagedFiles;
import dev.bringup.tftp.TftpServer;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What a board's TFTP server has: staged files, files that the board wrote, ended transfers. */
public final class ServedFiles {
  /** How long a board may be silent about the last block of a file. */
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final Path uploads;
  private final StagedFiles files;
  private final List<TftpTransfer> transfers = new CopyOnWriteArrayList<>();

  /**
   * Nothing staged yet.
   *
   * @param uploads an existing folder for what the board writes
   */
  public ServedFiles(Path uploads) {
    this.uploads = uploads;
    files = new StagedFiles(uploads);
  }

  /** What the server serves. */
  public StagedFiles staged() {
    return files;
  }

  /** Keeps a transfer that has ended. */
  public void ended(TftpTransfer transfer) {
    transfers.add(transfer);
  }

  /**
   * As {@link BoardNetwork#transfers}.
   *
   * @param server that serves them on a thread of its own; null if none does
   */
  public List<TftpTransfer> transfers(@Nullable TftpServer server) {
    if (server != null) {
      var _ = server.awaitEnds(LONGEST_END);
    }
    return List.copyOf(transfers);
  }

  /** As {@link BoardNetwork#received}. */
  public Optional<byte[]> received(String name) {
    Path file = uploads.resolve(name).normalize();
    if (!file.startsWith(uploads) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read the upload " + file + ": " + e.getMessage(), "check the disk", e);
    }
  }
}
