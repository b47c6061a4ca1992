package dev.bringup.console;

import dev.bringup.time.BoardClock;
import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Types at a board's console, never more at a time than its UART can take, and never Enter before
 * the echo has shown that the board has the line as it was meant.
 *
 * <p>A line is typed in pieces of which each is sent when the one before was echoed. An echo that
 * goes wrong is noticed with its first wrong character; then the line is taken back and typed
 * again. If characters were lost or doubled, all that is typed from then on is typed in smaller
 * pieces, and the recording says so. There is one keyboard for a board, whoever types. Belongs to
 * one thread.
 */
public final class Keyboard {
  static final String ENTER = "\r";
  static final String CTRL_C = "\u0003";
  static final String CTRL_U = "\u0015";

  /** Ctrl-Q: goes on after a character that came as Ctrl-S had stopped all output. */
  private static final String XON = "\u0011";

  /** How long the board must be quiet before what came counts as all there is. */
  private static final Duration QUIET = Duration.ofMillis(100);

  private static final int SLOWER = 4;

  /** A board that says nothing at all is given up sooner. */
  private static final int MOST_SILENT = 3;

  private static final String HINT =
      "check that the board is at a prompt and that the line's speed is right";

  private final Wire wire;
  private final Typing typing;
  private int pieceSize;
  private boolean pressed;
  private long lastPress;

  /**
   * @param wire the board's, whichever of its consoles the keys are for
   */
  public Keyboard(Wire wire, Typing typing) {
    this.wire = wire;
    this.typing = typing;
    this.pieceSize = typing.pieceSize();
  }

  Typing typing() {
    return typing;
  }

  /**
   * A line that was typed and echoed.
   *
   * @param start the offset at which its echo begins at the earliest
   * @param echoed the offset behind its echo
   * @param view begins behind the echo
   * @param entered when Enter was pressed, in board time; 0 if it was not
   */
  record Line(long start, long echoed, ConsoleView view, long entered) {}

  /** Sends a key that has no echo of its own, after the pause that is due. */
  void press(ConsoleWatcher watcher, String key) {
    Recording recording = watcher.recording();
    BoardClock clock = recording.clock();
    long due = lastPress + typing.delay().toNanos();
    while (pressed && due - clock.nanos() > 0 && !recording.isSilenced()) {
      recording.awaitBeyond(recording.end(), due);
    }
    wire.write(key.getBytes(StandardCharsets.ISO_8859_1));
    pressed = true;
    lastPress = clock.nanos();
  }

  /**
   * Types {@code text} and Enter to whoever reads it, echoed or not: after each piece, as many
   * characters are waited for as it has, but not for long.
   *
   * @param watcher of the board's console, or of the one that has the input
   */
  public void typeBlindly(ConsoleWatcher watcher, String text) {
    byte[] bytes = (text + ENTER).getBytes(StandardCharsets.UTF_8);
    Recording recording = watcher.wholeRecording();
    for (int done = 0; done < bytes.length; done += pieceSize) {
      int count = Math.min(pieceSize, bytes.length - done);
      final long echoed = recording.end() + count;
      press(watcher, new String(bytes, done, count, StandardCharsets.ISO_8859_1));
      recording.awaitEnd(echoed, recording.clock().nanos() + QUIET.toNanos());
    }
  }

  /** Waits until the board has said all it has to say for now. */
  void settle(ConsoleWatcher watcher, long deadline) {
    long limit = watcher.recording().clock().nanos() + typing.echoLimit().toNanos();
    watcher.collectTail(QUIET, Math.min(deadline, limit));
  }

  /**
   * Types {@code text} and Enter and sees that the board has taken both. If time runs out behind
   * the echo, that is for the caller to find.
   *
   * @throws BringupException (configuration) if the text has control characters, (product) if
   *     nothing comes back, (infrastructure) if the board cannot be told the line
   */
  Line enter(ConsoleWatcher watcher, Noise noise, PromptLine prompt, String text, long deadline) {
    BoardClock clock = watcher.recording().clock();
    for (int attempt = 1; attempt <= typing.attempts(); attempt++) {
      Line line = type(watcher, noise, prompt, text, deadline);
      ConsoleView view = line.view();
      String came = "";
      for (int press = 1; press <= typing.attempts() && came.isEmpty(); press++) {
        press(watcher, ENTER);
        final long entered = clock.nanos();
        long limit = Math.min(deadline, entered + typing.echoLimit().toNanos());
        boolean taken = view.await("the end of the line \"" + text + '"', Keyboard::isEnded, limit);
        if (taken || deadline - clock.nanos() <= 0) {
          return new Line(line.start(), line.echoed(), view, entered);
        }
        came = came(view);
      }
      if (came.isEmpty()) {
        break;
      }
      // Enter became some other character.
      settle(watcher, deadline);
      watcher.wholeRecording().mark(ConsoleEvent.Mark.TYPED_AGAIN);
      prompt.takeBack(attempt, deadline);
    }
    throw BringupException.infrastructure(
        "%s: \"%s\" was echoed, but Enter was not taken, pressed up to %d times; last: %s"
            .formatted(
                watcher.recording().name(), text, typing.attempts(), lastLine(watcher.recording())),
        HINT);
  }

  private static String came(ConsoleView view) {
    return view.text() + view.filter().held();
  }

  /** Enter is echoed as CR LF; one of the two is enough, but not the SP CR of a full line. */
  private static boolean isEnded(ConsoleView view) {
    String came = came(view);
    for (int i = 0; i < came.length(); i++) {
      char c = came.charAt(i);
      if (c == '\n' || (c == '\r' && (i == 0 || came.charAt(i - 1) != ' '))) {
        return true;
      }
    }
    return false;
  }

  /** Types {@code text} without Enter. */
  private Line type(
      ConsoleWatcher watcher, Noise noise, PromptLine prompt, String text, long deadline) {
    requireTypable(text);
    String typed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    Recording recording = watcher.recording();
    String cameBack = "";
    boolean silent = true;
    for (int attempt = 1; attempt <= typing.attempts(); attempt++) {
      recording.clock().catchUp();
      var echo = new TypedEcho(watcher, noise, prompt);
      if (typePieces(watcher, echo, typed, deadline)) {
        long end = echo.end();
        return new Line(echo.start(), end, new ConsoleView(watcher, noise, end), 0);
      }
      cameBack = recording.text(echo.start(), recording.end());
      silent &= cameBack.isBlank();
      if (prompt.hasRun(echo.came())) {
        throw hasRun(recording, text, cameBack);
      }
      if (deadline - recording.clock().nanos() <= 0) {
        break;
      }
      boolean full = isFull(cameBack);
      if (!full && echo.hasLost()) {
        slowDown(watcher);
      }
      if (!echo.isWrong()) {
        press(watcher, XON);
        settle(watcher, deadline);
      }
      watcher.wholeRecording().mark(ConsoleEvent.Mark.TYPED_AGAIN);
      prompt.takeBack(attempt, deadline);
      if ((full && attempt > 1) || (silent && attempt == MOST_SILENT)) {
        break;
      }
    }
    throw notEchoed(recording, text, cameBack, silent);
  }

  /** Types piece by piece; false as soon as the echo is not right, or not there in time. */
  private boolean typePieces(ConsoleWatcher watcher, TypedEcho echo, String typed, long deadline) {
    BoardClock clock = watcher.recording().clock();
    Recording wire = watcher.wholeRecording();
    for (int done = 0; done < typed.length(); ) {
      int next = Math.min(done + pieceSize, typed.length());
      final long echoed = wire.end() + next - done;
      press(watcher, typed.substring(done, next));
      echo.expect(typed.substring(0, next));
      long limit = Math.min(deadline, clock.nanos() + typing.echoLimit().toNanos());
      boolean held = watcher.isOfSubConsole() && XenFraming.isHeldBack(typed, next);
      if (held && next < typed.length()) {
        // Its echo comes to this console with what follows; others' bytes count: it is for pace.
        wire.awaitEnd(echoed, limit);
      } else if (!echo.await(limit)) {
        if (!echo.isWrong()) {
          return false;
        }
        settle(watcher, deadline); // a prompt that comes late may be in the midst of it
        if (!echo.await(clock.nanos())) {
          return false;
        }
      }
      done = next;
    }
    return true;
  }

  private void slowDown(ConsoleWatcher watcher) {
    if (pieceSize > 1) {
      pieceSize = Math.max(1, pieceSize / SLOWER);
      watcher
          .wholeRecording()
          .mark(
              RunMark.AboutTyping.SLOWED
                  + "%d %s at a time because characters were lost or doubled on the way"
                      .formatted(pieceSize, pieceSize == 1 ? "character" : "characters"));
    }
  }

  /** The board rings the bell for each character that its line has no room for. */
  private static boolean isFull(String cameBack) {
    return cameBack.endsWith("\u0007");
  }

  private static void requireTypable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw BringupException.configuration(
            "cannot type the control character 0x%02X at character %d of \"%s\" at a prompt"
                .formatted(
                    (int) text.charAt(i),
                    i + 1,
                    ConsoleText.of(text.getBytes(StandardCharsets.UTF_8)).strip()));
      }
    }
  }

  private static BringupException hasRun(Recording recording, String text, String cameBack) {
    return BringupException.infrastructure(
        "%s: a character of \"%s\" came to the board as Enter, so it ran a part; came back: \"%s\""
            .formatted(recording.name(), text, cameBack.strip()),
        "check the line; power-cycle the board before going on");
  }

  private BringupException notEchoed(
      Recording recording, String text, String cameBack, boolean silent) {
    return new BringupException(
        silent ? FailureKind.PRODUCT : FailureKind.INFRASTRUCTURE,
        "%s: typed \"%s\" up to %d times, %s"
            .formatted(
                recording.name(),
                text,
                typing.attempts(),
                silent ? "nothing came back" : "came back: \"" + cameBack.strip() + '"'),
        isFull(cameBack)
            ? "the board rang the bell: the line is longer than its line buffer"
            : HINT,
        null);
  }

  private static String lastLine(Recording recording) {
    String text = recording.text(Math.max(0, recording.end() - 512), recording.end()).strip();
    return text.isEmpty() ? "(nothing)" : text.substring(text.lastIndexOf('\n') + 1);
  }
}
