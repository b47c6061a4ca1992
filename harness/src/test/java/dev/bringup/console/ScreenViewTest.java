package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.time.FakeClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenViewTest {
  private final FakeClock clock = new FakeClock();
  private final Recording recording = Recording.inMemory("board1", clock);
  private final ConsoleWatcher watcher =
      new ConsoleWatcher(recording, List.of(ConsolePattern.literal("panic", "Panic")), 0);
  private final ScreenView view = new ScreenView(new Screen(), 0);

  private static boolean isMenu(Screen screen) {
    return screen.text().contains("menu");
  }

  private void say(String text) {
    recording.append(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void whatIsOnTheScreenEndsTheWaitAlsoTheNextOne() {
    say("\u001b[5;10Hme\u001b[5;12Hnu");

    view.await(watcher, "the menu", ScreenViewTest::isMenu, clock.nanos());
    assertThat(view.screen().line(4)).isEqualTo("         menu");
    view.await(watcher, "the menu", ScreenViewTest::isMenu, clock.nanos());
  }

  @Test
  void aScreenThatIsPassedByIsSeenBeforeWhatFollows() {
    say("menu" + " ".repeat(300) + "\u001b[2Jbooting");

    view.await(watcher, "the menu", ScreenViewTest::isMenu, clock.nanos());
    view.await(watcher, "the boot", screen -> screen.text().contains("booting"), clock.nanos());
    assertThat(view.screen().text()).doesNotContain("menu");
  }

  @Test
  void somethingBadEndsTheWait() {
    say("Panic!");
    assertThatThrownBy(() -> view.await(watcher, "the menu", ScreenViewTest::isMenu, clock.nanos()))
        .isInstanceOf(ConsoleFailure.class)
        .hasMessageContaining("panic at offset 0 while waiting for the menu");
  }

  @Test
  void theDeadlineAndTheEndOfTheWireSayWhatIsOnTheScreen() {
    say("\u001b[3;3Hlost");
    assertThatThrownBy(() -> view.await(watcher, "the menu", ScreenViewTest::isMenu, clock.nanos()))
        .isInstanceOf(ConsoleFailure.class)
        .hasMessageContaining("no the menu in time")
        .hasMessageContaining("lost");
    recording.close();
    assertThatThrownBy(
            () -> view.await(watcher, "the menu", ScreenViewTest::isMenu, Long.MAX_VALUE))
        .hasMessageContaining("the wire ended");
  }
}
