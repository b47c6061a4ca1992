package dev.bringup.boot;

import dev.bringup.board.Board;
import dev.bringup.board.BoardFile;
import dev.bringup.board.Mark;
import dev.bringup.console.ConsoleWatcher;
import dev.bringup.console.Keyboard;
import dev.bringup.console.MarkTokens;
import dev.bringup.console.Noise;
import dev.bringup.console.ShellPrompt;
import dev.bringup.console.Typing;
import dev.bringup.console.UBootPrompt;

/** Makes the prompts of a board, with the board's own ways of typing and its noise. */
final class Prompts {
  private final Board board;
  private final Noise noise;
  private final Keyboard keyboard;
  private final MarkTokens tokens;

  Prompts(Board board) {
    this.board = board;
    tokens = new MarkTokens(board.marks());
    BoardFile.ConsoleSettings settings = board.file().console();
    noise = Noise.of(settings.noise().stream().map(Mark.Regex::regex).toList());
    keyboard =
        new Keyboard(
            board.console()::write, Typing.of(settings.typingPiece(), settings.typingDelay()));
  }

  /** What types at this board. */
  Keyboard keyboard() {
    return keyboard;
  }

  UBootPrompt bootloader(ConsoleWatcher watcher) {
    BoardFile file = board.file();
    String prompt = file.require(file.bootloader(), "bootloader").prompt();
    return new UBootPrompt(keyboard, watcher, noise, prompt, tokens);
  }

  ShellPrompt shell(ConsoleWatcher watcher) {
    return new ShellPrompt(keyboard, watcher, noise, tokens);
  }
}
