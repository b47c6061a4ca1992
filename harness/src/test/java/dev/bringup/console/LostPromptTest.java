package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A prompt knows whether the board came back from a command that took too long. */
class LostPromptTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final SlowBoard slow = new SlowBoard(64, 10_000);
  private final Recording recording = Recording.inMemory("desk", slow);
  private final ConsoleWatcher watcher = new ConsoleWatcher(recording, List.of(), 0);
  private final Keyboard keyboard = new Keyboard(slow, Typing.USUAL);
  private final MarkTokens tokens = new MarkTokens(new Random(7));
  private boolean hangs;

  private FakeBoard.Reply answer(String command) {
    if (command.startsWith("hang")) {
      hangs = true;
      throw new IllegalStateException("it hangs");
    }
    return new FakeBoard.Reply("fine\n", 0);
  }

  private void running(FakeBoard board) {
    slow.running(bytes -> {
      if (!hangs) {
        try {
          board.write(bytes);
        } catch (IllegalStateException e) {
          assertThat(hangs).isTrue();
        }
      }
    });
  }

  @Test
  void aShellIsLostUntilItAnswersAgain() {
    running(FakeBoard.atShell(recording, this::answer));
    var prompt = new ShellPrompt(keyboard, watcher, Noise.usual(), tokens);
    assertThat(prompt.run("who", LIMIT).output()).isEqualTo("fine\n");
    assertThat(prompt.isLost()).isFalse();
    assertThatThrownBy(() -> prompt.run("hang", LIMIT)).isInstanceOf(ConsoleFailure.class);
    assertThat(prompt.isLost()).isTrue();
    hangs = false;
    assertThat(prompt.run("who", LIMIT).output()).isEqualTo("fine\n");
    assertThat(prompt.isLost()).isFalse();
  }

  @Test
  void theBootloaderIsLostUntilItAnswersAgain() {
    running(FakeBoard.atUBoot(recording, this::answer));
    var prompt =
        new UBootPrompt(keyboard, watcher, Noise.usual(), UBootPrompt.USUAL_PROMPT, tokens);
    assertThat(prompt.run("version", LIMIT).output()).isEqualTo("fine\n");
    assertThat(prompt.isLost()).isFalse();
    assertThatThrownBy(() -> prompt.run("hang", LIMIT)).isInstanceOf(ConsoleFailure.class);
    assertThat(prompt.isLost()).isTrue();
    hangs = false;
    assertThat(prompt.run("version", LIMIT).output()).isEqualTo("fine\n");
    assertThat(prompt.isLost()).isFalse();
  }
}
