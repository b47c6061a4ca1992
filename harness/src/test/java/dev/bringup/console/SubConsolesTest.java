package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SubConsolesTest {
  private static final String BOOT = "U-Boot\r\n(XEN) Xen version 4.17.7\r\n";
  private static final String NOTICE = " (type 'CTRL-a' three times to switch input)\r\n";

  private final JumpingClock clock = new JumpingClock();
  private final Recording board = Recording.inMemory("board", clock);

  private static String notice(String to) {
    return "(XEN) *** Serial input to " + to + NOTICE;
  }

  private void say(String text) {
    board.append(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String said(SubConsoles consoles, String name) {
    Recording recording = consoles.console(name).recording();
    return new String(recording.bytes(0, recording.end()), StandardCharsets.ISO_8859_1);
  }

  @Test
  void eachConsoleHasWhatItSaidBeforeAndAfterSomebodyAsked() {
    say(BOOT + notice("DOM0") + "dom0 sa(XEN) DOM1: guest\r\r\n");
    var consoles = SubConsoles.of(board);
    say("ys this\r\r\n(XEN) DOM1: more\r\r\n");

    assertThat(said(consoles, "firmware")).isEqualTo("U-Boot\r\n");
    assertThat(said(consoles, "xen")).startsWith("Xen version 4.17.7\r\n");
    assertThat(said(consoles, "dom0")).isEqualTo("dom0 says this\r\r\n");
    assertThat(said(consoles, "dom1")).isEqualTo("guest\r\r\nmore\r\r\n");
    assertThat(consoles.names()).containsExactly("dom0", "dom1", "firmware", "xen");
  }

  @Test
  void everyByteKnowsItsPlaceAndItsTimeInTheRecording() throws IOException {
    byte[] all = SplitText.input("xen-4.17-input.txt");
    for (int i = 0; i < all.length; i += 37) {
      board.append(all, i, Math.min(37, all.length - i));
    }
    var consoles = SubConsoles.of(board);

    int bytes = 0;
    for (String name : consoles.names()) {
      SubConsole console = consoles.console(name);
      Recording own = console.recording();
      for (int at = 0; at < own.end(); at++) {
        long place = console.boardOffset(at);
        assertThat(own.bytes(at, at + 1)).isEqualTo(board.bytes(place, place + 1));
        assertThat(own.timeAt(at)).isGreaterThanOrEqualTo(board.timeAt(place));
        assertThat(console.offsetAt(place)).isEqualTo(at);
        assertThat(console.offsetAt(place + 1)).isEqualTo(at + 1);
        bytes++;
      }
      assertThat(console.offsetAt(0)).isZero();
      assertThat(console.offsetAt(all.length)).isEqualTo(own.end());
    }
    assertThat(bytes).isBetween(all.length * 8 / 10, all.length);
  }

  @Test
  void whatIsHeldBackAsABeginningComesWithItsDecision() {
    var consoles = SubConsoles.of(board);
    say(BOOT + notice("DOM0") + "dom0# (X");
    assertThat(said(consoles, "dom0")).isEqualTo("dom0# ");
    say("Y");
    assertThat(said(consoles, "dom0")).isEqualTo("dom0# (XY");
    say("(");
    board.mark(ConsoleEvent.Mark.POWER_OFF);
    assertThat(said(consoles, "dom0")).isEqualTo("dom0# (XY(");
  }

  @Test
  void marksStandInEveryConsole() {
    board.mark(ConsoleEvent.Mark.POWER_ON);
    say(BOOT);
    var consoles = SubConsoles.of(board);
    board.mark(ConsoleEvent.Mark.POWER_OFF);

    assertThat(consoles.console("xen").recording().isSilenced()).isTrue();
    assertThat(consoles.console("dom7").recording().isSilenced()).as("asked for late").isTrue();
    board.mark(ConsoleEvent.Mark.POWER_ON);
    assertThat(consoles.console("dom7").recording().isSilenced()).isFalse();
    assertThat(consoles.console("xen").recording().lastMark(ConsoleEvent.Mark.POWER_ON))
        .hasValue("Xen version 4.17.7\r\n".length());
    assertThat(consoles.input()).isEqualTo("firmware");
    board.close();
    assertThat(consoles.console("xen").recording().isClosed()).isTrue();
    assertThat(consoles.console("dom8").recording().isClosed()).isTrue();
  }

  @Test
  void whatIsTypedIsNotedWhereItGoes() {
    var consoles = SubConsoles.of(board);
    say(BOOT + notice("DOM0"));
    board.typed("ls\r".getBytes(StandardCharsets.US_ASCII));

    assertThat(consoles.console("dom0").recording().events())
        .singleElement()
        .isInstanceOfSatisfying(
            ConsoleEvent.Typed.class, typed -> assertThat(typed.bytes()).isEqualTo("ls\r"));
    assertThat(consoles.console("xen").recording().events()).isEmpty();
  }

  @Test
  void anExpectationSearchesOneConsoleOnly() {
    var consoles = SubConsoles.of(board);
    var dom1 = new ConsoleWatcher(consoles.console("dom1"), watching());
    say(BOOT + notice("DOM0") + "ready\r\r\n(XEN) DOM1: not yet\r\r\n");

    assertThat(await(dom1, "ready")).isInstanceOf(Outcome.TimedOut.class);
    say("(XEN) DOM1: ready\r\r\n");
    assertThat(await(dom1, "ready"))
        .isInstanceOfSatisfying(
            Outcome.Matched.class,
            matched -> assertThat(matched.start()).isEqualTo("not yet\r\r\n".length()));
  }

  @Test
  void somethingBadElsewhereEndsTheWaitUnlessTheAwaitedWasThereBefore() {
    var consoles = SubConsoles.of(board);
    say(BOOT + "(XEN) DOM1: ready\r\r\n(XEN) Panic on CPU 0:\r\n(XEN) DOM1: late\r\r\n");
    var dom1 = new ConsoleWatcher(consoles.console("dom1"), watching());

    assertThat(await(dom1, "ready")).isInstanceOf(Outcome.Matched.class);
    assertThat(await(dom1, "late"))
        .isInstanceOfSatisfying(
            Outcome.BadPattern.class,
            bad -> assertThat(bad.line()).isEqualTo("(XEN) Panic on CPU 0:"));
  }

  @RepeatedTest(50)
  void aWaitIsWokenBySomethingBadElsewhere() throws InterruptedException, ExecutionException {
    var real = Recording.inMemory("board", BoardClock.system());
    var consoles = SubConsoles.of(real);
    real.append(BOOT.getBytes(StandardCharsets.US_ASCII));
    var whole =
        new ConsoleWatcher(real, List.of(ConsolePattern.literal("panic", "Panic on CPU")), 0);
    var dom1 = new ConsoleWatcher(consoles.console("dom1"), whole);
    long deadline = real.clock().nanos() + Duration.ofMinutes(1).toNanos();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var wait =
          executor.submit(() ->
              dom1.await(
                  Expectation.of(ConsolePattern.literal("ready")),
                  consoles.console("dom1").recording().cursor(0),
                  deadline));
      real.append("(XEN) Panic on CPU 0:\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(wait.get()).isInstanceOf(Outcome.BadPattern.class);
    }
  }

  @Test
  void namesThatNoConsoleCanHaveAreRefused() {
    var consoles = SubConsoles.of(board);
    for (String name : List.of("domU", "dom01", "Xen", "", "dom999999")) {
      assertThatThrownBy(() -> consoles.console(name))
          .isInstanceOf(BringupException.class)
          .hasMessageContaining("there are firmware, xen, dom0");
    }
  }

  @Test
  void theInputGoesRoundUntilItIsWhereItIsWanted() {
    var consoles = SubConsoles.of(board);
    say(BOOT + notice("DOM0"));
    var input = new XenInput(consoles, new Switching("DOM1", "DOM2", "Xen", "DOM0"));

    input.giveTo("dom2", watching());
    assertThat(consoles.input()).isEqualTo("dom2");
    assertThat(board.lastMark("input to dom2")).hasValue(board.end());
    input.giveTo("dom2", watching());
    assertThat(board.events().stream().filter(event -> event instanceof ConsoleEvent.Typed))
        .hasSize(2);
    input.giveTo("dom0", watching());
    assertThat(consoles.input()).isEqualTo("dom0");
  }

  @Test
  void aConsoleThatXenDoesNotKnowIsRefusedWithThoseItKnows() {
    var consoles = SubConsoles.of(board);
    say(BOOT + notice("DOM0"));
    var input = new XenInput(consoles, new Switching("DOM1", "Xen", "DOM0"));

    assertThatThrownBy(() -> input.giveTo("dom5", watching()))
        .hasMessageContaining("dom0, dom1, xen, but not to \"dom5\"");
  }

  @Test
  void withoutXenNothingIsTyped() {
    var consoles = SubConsoles.of(board);
    say("U-Boot\r\n");
    var input = new XenInput(consoles, new Switching());

    assertThatThrownBy(() -> input.giveTo("dom0", watching()))
        .hasMessageContaining("Xen does not run");
    assertThat(board.events()).isEmpty();
  }

  @Test
  void anXenThatDoesNotAnswerIsAFailure() {
    var consoles = SubConsoles.of(board);
    say(BOOT + notice("DOM0"));
    var input = new XenInput(consoles, board::typed);

    assertThatThrownBy(() -> input.giveTo("dom1", watching()))
        .isInstanceOf(ConsoleFailure.class)
        .hasMessageContaining("Xen's word on who has the input");
  }

  @Test
  void commandsRunInAGuestThatHasTheInput() {
    var consoles = SubConsoles.of(board);
    say(BOOT + notice("DOM1"));
    var guest = Recording.inMemory("guest", clock);
    guest.follow(new BehindXen());
    var shell =
        FakeBoard.atShell(guest, command -> new FakeBoard.Reply("ran " + command + "\n", 0));
    var prompt =
        new ShellPrompt(
            new Keyboard(
                Wire.noting(board, shell), new Typing(4, Duration.ZERO, Duration.ofSeconds(2), 1)),
            new ConsoleWatcher(consoles.console("dom1"), watching()),
            Noise.usual(),
            new MarkTokens(new Random(1)));

    // Typed in pieces of 4, at every alignment: beginnings of Xen's lines are held back.
    for (int before = 0; before < 8; before++) {
      String command = "x".repeat(before) + "(D DOM1 * ** *** (XEN (d1 ((((((( DDDDD ******) end";
      CommandResult result = prompt.run(command, Duration.ofSeconds(5));
      assertThat(result.output().strip()).isEqualTo("ran " + command);
    }
  }

  private ConsoleWatcher watching() {
    return new ConsoleWatcher(board, List.of(ConsolePattern.literal("panic", "Panic on CPU")), 0);
  }

  private Outcome await(ConsoleWatcher watcher, String text) {
    Recording own = watcher.recording();
    return watcher.await(
        Expectation.of(ConsolePattern.literal(text)),
        own.cursor(0),
        clock.nanos() + Duration.ofSeconds(1).toNanos());
  }

  /** A board whose Xen hands the input on each time it is asked to, with some noise. */
  private final class Switching implements Wire {
    private final String[] turns;
    private int next;

    private Switching(String... turns) {
      this.turns = turns;
    }

    @Override
    public void write(byte[] bytes) {
      board.typed(bytes);
      assertThat(bytes).containsExactly(1, 1, 1);
      say("(XEN) *** Serial input to DOM9" + NOTICE.replace("\r\n", "\r\r\n"));
      say("[    1.000000] noise" + notice(turns[next++ % turns.length]));
    }
  }

  /** What the guest says, as Xen passes it on while the guest has the input. */
  private final class BehindXen implements Recording.Follower {
    private boolean lineStart = true;

    @Override
    public void bytes(long nanos, byte[] bytes, int from, int length) {
      var text = new StringBuilder();
      for (int i = from; i < from + length; i++) {
        text.append(lineStart ? "(XEN) " : "").append((char) (bytes[i] & 0xff));
        lineStart = bytes[i] == '\n';
      }
      say(text.toString());
    }

    @Override
    public void event(ConsoleEvent event) {}

    @Override
    public void end(long nanos) {}
  }
}
