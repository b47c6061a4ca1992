package dev.bringup.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bringup.board.BoardCatalog;
import dev.bringup.board.BoardFile;
import dev.bringup.board.PlayedBoard;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.FakeBoard;
import dev.bringup.console.SlowBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts type as the board's file says. */
class PromptsTest {
  private static final Path ROOT = Path.of(System.getProperty("bringup.root", ".."));
  private static final long A_MILLISECOND = 1_000_000;

  @TempDir private Path folder;

  private BoardFile board(String typing) throws IOException {
    Files.createDirectories(folder.resolve("types"));
    for (String type : List.of("arm64-boot.yaml", "virt-arm64.yaml")) {
      Files.copy(ROOT.resolve("boards/types/" + type), folder.resolve("types/" + type));
    }
    Files.writeString(
        folder.resolve("slow.yaml"),
        "type: virt-arm64\nmachine: {engine: none}\nconsole: {typing: " + typing + "}\n");
    return BoardCatalog.load(folder).board("slow");
  }

  @Test
  void pieceAndDelayOfTheBoardFileHoldForTheBootloaderAndTheShell() throws IOException {
    BoardFile file = board("{piece: 5, delay: 30 ms}");
    for (boolean inShell : List.of(false, true)) {
      var slow = new SlowBoard(5, A_MILLISECOND);
      var board = new Desk(file, slow, inShell);
      var prompts = new Prompts(board);
      var watcher = new ConsoleWatcher(board.recording(), List.of(), 0);
      var limit = Duration.ofMinutes(1);
      var result =
          inShell
              ? prompts.shell(watcher).run("uname -a", limit)
              : prompts.bootloader(watcher).run("version", limit);
      prompts.keyboard().typeBlindly(watcher, "somebody types as well");

      assertThat(result.output()).isEqualTo("fine\n");
      assertThat(slow.most()).isEqualTo(5);
      assertThat(slow.lost()).isZero();
      assertThat(slow.closest()).isEqualTo(30 * A_MILLISECOND);
    }
  }

  /** A board at a prompt behind a slow UART. */
  private static final class Desk extends PlayedBoard {
    private final SlowBoard slow;

    private Desk(BoardFile file, SlowBoard slow, boolean inShell) {
      super(file, slow);
      this.slow = slow;
      slow.running(
          inShell
              ? FakeBoard.atShell(recording(), Desk::answer)
              : FakeBoard.atUBoot(recording(), Desk::answer));
    }

    private static FakeBoard.Reply answer(String command) {
      return new FakeBoard.Reply("fine\n", command.isEmpty() ? 1 : 0);
    }

    @Override
    public void write(byte[] bytes) {
      slow.write(bytes);
    }
  }
}
