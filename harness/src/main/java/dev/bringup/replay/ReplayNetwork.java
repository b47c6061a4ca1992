package dev.bringup.replay;

import dev.bringup.board.BoardNetwork;
import dev.bringup.console.RunMark;
import dev.bringup.tftp.StagedFiles;
import dev.bringup.tftp.TftpContent;
import dev.bringup.tftp.TftpErrorCode;
import dev.bringup.tftp.TftpOutcome;
import dev.bringup.tftp.TftpRefusedException;
import dev.bringup.tftp.TftpTransfer;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The network of a board that is a recording. Whatever the board loads when it is recorded must be
 * staged again, with the same content: else what it said afterwards is no answer to the step.
 */
final class ReplayNetwork implements BoardNetwork {
  private final RecordedRun run;
  private final Player player;
  private final StagedFiles staged = new StagedFiles();

  ReplayNetwork(RecordedRun run) {
    this.run = run;
    this.player = new Player(run, this::requireAsStaged);
  }

  Player player() {
    return player;
  }

  private void requireAsStaged(TftpTransfer transfer) {
    if (transfer.direction() != TftpTransfer.Direction.READ
        || transfer.outcome() instanceof TftpOutcome.TimedOut) {
      return; // of what the board left, it has no use
    }
    if (transfer.outcome() instanceof TftpOutcome.Refused(int code, String _)
        && code != TftpErrorCode.FILE_NOT_FOUND.code()
        && code != TftpErrorCode.ACCESS_VIOLATION.code()) {
      return; // not because of what was staged
    }
    boolean was = !(transfer.outcome() instanceof TftpOutcome.Refused);
    String file = transfer.file();
    try (TftpContent now = staged.open(transfer.client(), file)) {
      if (!was) {
        throw Divergence.lacks(
            run,
            "the board asked for \"%s\", which was missing then and is staged now".formatted(file));
      }
      String digest = transfer.sha256();
      if (digest != null && !digest.equals(now.sha256())) {
        throw Divergence.lacks(
            run, "the board loaded \"%s\", which has another content now".formatted(file));
      }
    } catch (TftpRefusedException e) {
      if (was) {
        throw Divergence.lacks(
            run,
            "the board asked for \"%s\", which was staged then and is missing now".formatted(file));
      }
    } catch (IOException e) {
      throw BringupException.infrastructure(
          "cannot read what is staged as \"" + file + "\": " + e.getMessage(),
          "run: ./bringup artifacts verify",
          e);
    }
  }

  @Override
  public void stage(String name, Path file) {
    staged.stage(name, file);
  }

  @Override
  public void stage(String name, byte[] content) {
    staged.stage(name, content);
  }

  @Override
  public void unstage(String name) {
    staged.unstage(name);
  }

  @Override
  public Set<String> staged() {
    return staged.names();
  }

  @Override
  public Optional<byte[]> received(String name) {
    Optional<TftpTransfer> last =
        transfers().stream()
            .filter(transfer -> transfer.direction() == TftpTransfer.Direction.WRITE)
            .filter(transfer -> transfer.file().equals(name))
            .filter(transfer -> transfer.outcome() instanceof TftpOutcome.Completed)
            .reduce((first, second) -> second);
    if (last.isEmpty() && tracesTransfers()) {
      return Optional.empty();
    }
    Optional<byte[]> content = last.flatMap(run::received);
    if (content.isEmpty()) {
      throw player.lacks("what the board wrote to \"%s\" was not kept".formatted(name));
    }
    return content;
  }

  private RunMark.Network addresses() {
    return run.network()
        .orElseThrow(
            () -> player.lacks("the recording does not tell the addresses of the board's network"));
  }

  @Override
  public String serverAddress() {
    return addresses().server();
  }

  @Override
  public String boardAddress() {
    return addresses().board();
  }

  @Override
  public List<TftpTransfer> transfers() {
    return player.transfers();
  }

  @Override
  public boolean tracesTransfers() {
    return player.knowsTransfers();
  }
}
