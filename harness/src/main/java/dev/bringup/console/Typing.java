package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Types lines in pieces of which each is sent when the one before was echoed, because a UART
 * without flow control loses what comes faster than it is read. What was lost is noticed, the line
 * is taken back and typed again. Belongs to one thread.
 *
 * @param pieceSize characters sent at a time, at least 1
 * @param echoLimit how long an echo may take, in board time
 * @param attempts how often a line is typed before that is a failure, at least 1
 */
public record Typing(int pieceSize, Duration echoLimit, int attempts) {
  /** 16 characters, as many as the FIFO of a 16550 holds; 2 s; 3 attempts. */
  public static final Typing USUAL = new Typing(16, Duration.ofSeconds(2), 3);

  /** How long the board must be quiet before a line is typed again. */
  private static final Duration QUIET = Duration.ofMillis(100);

  public Typing {
    if (pieceSize < 1 || attempts < 1 || echoLimit.isNegative() || echoLimit.isZero()) {
      throw BringupException.configuration(
          "typing needs a piece of at least 1 character, at least 1 attempt and time for an echo");
    }
  }

  /**
   * A line that was typed and echoed; Enter was not pressed yet.
   *
   * @param start the offset at which its echo begins at the earliest
   * @param view begins behind the echo
   */
  record Line(long start, ConsoleView view) {}

  /**
   * Types {@code text} without Enter.
   *
   * @param kill what takes a half-typed line back
   * @throws BringupException (configuration) if the text has control characters, (product) if
   *     nothing comes back, (infrastructure) if it comes back garbled
   */
  Line type(
      Wire wire, ConsoleWatcher watcher, Noise noise, String text, String kill, long deadline) {
    requireTypable(text);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String typed = new String(bytes, StandardCharsets.ISO_8859_1);
    var clock = watcher.recording().clock();
    String cameBack = "";
    for (int attempt = 1; attempt <= attempts; attempt++) {
      if (attempt > 1) {
        watcher.uart().mark(ConsoleEvent.Mark.TYPED_AGAIN);
      }
      long start = watcher.recording().end();
      var view = new ConsoleView(watcher, noise, start);
      int done = 0;
      boolean echoed = true;
      while (echoed && done < typed.length()) {
        int next = Math.min(done + pieceSize, typed.length());
        if (watcher.isOfSubConsole()) {
          next = XenFraming.cut(typed, done, next);
        }
        wire.write(typed.substring(done, next).getBytes(StandardCharsets.ISO_8859_1));
        String soFar = typed.substring(0, next);
        long limit = Math.min(deadline, clock.nanos() + echoLimit.toNanos());
        echoed =
            view.await("the echo of \"" + text + '"', v -> echoEnd(v, start, soFar) >= 0, limit);
        done = next;
      }
      if (echoed) {
        return new Line(start, new ConsoleView(watcher, noise, echoEnd(view, start, typed)));
      }
      cameBack = watcher.recording().text(start, watcher.recording().end());
      if (deadline - clock.nanos() <= 0) {
        break;
      }
      wire.write(kill.getBytes(StandardCharsets.ISO_8859_1));
      watcher.collectTail(QUIET, Math.min(deadline, clock.nanos() + echoLimit.toNanos()));
    }
    throw notEchoed(watcher.recording(), text, cameBack);
  }

  /** The offset behind the echo of {@code typed}, or -1 if it is not complete. */
  private static long echoEnd(ConsoleView view, long start, String typed) {
    // What is held back as a possible noise line counts: an echo may end in a bracket.
    int end = new Echo(view.text() + view.filter().held()).endOf(typed);
    if (end >= 0) {
      return view.filter().offsetOf(end - 1) + 1;
    }
    // What was typed may look like noise itself.
    byte[] raw = view.recording().bytes(start, view.filter().position());
    end = new Echo(new String(raw, StandardCharsets.ISO_8859_1)).endOf(typed);
    return end >= 0 ? start + end : -1;
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

  private BringupException notEchoed(Recording recording, String text, String cameBack) {
    boolean silent = cameBack.isBlank();
    boolean full = cameBack.indexOf('\u0007') >= 0;
    return new BringupException(
        silent ? FailureKind.PRODUCT : FailureKind.INFRASTRUCTURE,
        "%s: typed \"%s\" up to %d times, %s"
            .formatted(
                recording.name(),
                text,
                attempts,
                silent ? "nothing came back" : "came back: \"" + cameBack.strip() + '"'),
        full
            ? "the board rang the bell: the line is longer than its line buffer"
            : "check that the board is at a prompt and that the line's speed is right",
        null);
  }
}
