package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs commands at U-Boot's prompt.
 *
 * <p>Typed is {@code COMMAND; echo BR:TOKEN:$?}; printed is the mark with the exit code's digits,
 * which the echo of the typed line does not contain. Facts of U-Boot 2023.01 that this rests on: a
 * bare Enter repeats the last command, so none is ever typed; Ctrl-C takes a line back and also
 * leaves an unfinished block; a line holds 512 characters, the bell rings for each one more; an
 * apostrophe opens a quotation even within double quotes.
 *
 * <p>Belongs to one thread.
 */
public final class UBootPrompt {
  /** U-Boot's prompt unless its configuration says otherwise (CONFIG_SYS_PROMPT). */
  public static final String USUAL_PROMPT = "=> ";

  private static final String CTRL_C = "\u0003";
  private static final Duration SETTLED = Duration.ofMillis(300);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

  private final Wire wire;
  private final ConsoleWatcher watcher;
  private final Noise noise;
  private final Typing typing;
  private final String prompt;
  private final Supplier<String> tokens;

  /**
   * @param prompt what U-Boot prints when it waits for a command
   * @param tokens gives a word of letters and digits, a new one each time ({@link MarkTokens})
   */
  public UBootPrompt(
      Wire wire,
      ConsoleWatcher watcher,
      Noise noise,
      Typing typing,
      String prompt,
      Supplier<String> tokens) {
    this.wire = wire;
    this.watcher = watcher;
    this.noise = noise;
    this.typing = typing;
    this.prompt = prompt;
    this.tokens = tokens;
  }

  /**
   * Runs a command and waits for the prompt behind it.
   *
   * @param limit for all of it, in board time; then Ctrl-C is sent
   * @throws ConsoleFailure if it did not end in time, a bad pattern came first or the wire ended
   * @throws BringupException (configuration) if U-Boot waits for the rest of the command; (product)
   *     if the prompt came back without an exit code, as after a reset
   */
  public CommandResult run(String command, Duration limit) {
    var clock = watcher.recording().clock();
    long deadline = clock.nanos() + limit.toNanos();
    String token = tokens.get();
    Typing.Line line =
        typing.type(wire, watcher, noise, command + "; echo BR:" + token + ":$?", CTRL_C, deadline);
    ConsoleView view = line.view();
    final long entered = clock.nanos();
    send("\r");
    var mark = new MarkFinder("BR:" + token + ":([0-9]+)\r*\n", false, 0);

    boolean done;
    while (true) {
      // A text that looks final is looked at again when the board has been quiet for a while.
      long settled = clock.nanos() + SETTLED.toNanos();
      boolean suspicious = looksStopped(view);
      long until = suspicious ? Math.min(deadline, settled) : deadline;
      int seen = view.text().length();
      done =
          view.await(
              "the end of \"" + command + '"',
              v -> mark.isIn(v) || (suspicious ? v.text().length() != seen : looksStopped(v)),
              until);
      if (mark.isIn(view)) {
        break;
      }
      if (!done) {
        if (suspicious && deadline - clock.nanos() > 0) {
          throw stopped(view, command);
        }
        throw interrupted(view, mark, command, deadline);
      }
    }
    int outputStart = firstLineEnd(view.text());
    final String output = text(view, outputStart, mark.start());
    final int exitCode = mark.number(1);
    final int markEnd = mark.end();
    final long end = view.filter().offsetOf(mark.end() - 1) + 1;
    long took = watcher.recording().timeAt(end - 1) - entered;
    awaitPrompt(view, markEnd, command, deadline);
    return new CommandResult(
        command, exitCode, output, false, false, line.start(), end, Duration.ofNanos(took));
  }

  /**
   * Types a command that is not expected back: {@code reset}, {@code booti}, {@code source}.
   *
   * @return the offset behind the echo, from which to expect what it does
   */
  public long start(String command, Duration limit) {
    long deadline = watcher.recording().clock().nanos() + limit.toNanos();
    Typing.Line line = typing.type(wire, watcher, noise, command, CTRL_C, deadline);
    long offset = line.view().filter().position();
    send("\r");
    return offset;
  }

  private void awaitPrompt(ConsoleView view, int from, String command, long deadline) {
    boolean there =
        view.await("the prompt after \"" + command + '"', v -> endsWithPrompt(v, from), deadline);
    if (!there) {
      throw ConsoleFailure.of(
          watcher.recording().name(),
          "prompt after \"" + command + '"',
          new Outcome.TimedOut(deadline, watcher.recording().end(), view.last()));
    }
  }

  private boolean endsWithPrompt(ConsoleView view, int from) {
    int length = view.text().length();
    int tail = Math.max(from, length - prompt.length() - 1);
    String text = view.text().subSequence(tail, length) + view.filter().held();
    return text.endsWith('\n' + prompt) || (tail == from && text.equals(prompt));
  }

  /** Whether U-Boot seems to wait for input though the mark has not come. */
  private boolean looksStopped(ConsoleView view) {
    int from = firstLineEnd(view.text());
    return CharSequence.compare(
                view.text().subSequence(from, Math.min(from + 3, view.text().length())), "> ")
            == 0
        || endsWithPrompt(view, from);
  }

  private BringupException stopped(ConsoleView view, String command) {
    String rest =
        view.text().subSequence(firstLineEnd(view.text()), view.text().length()).toString();
    String console = watcher.recording().name();
    if (rest.equals("> ")) {
      leave(view, firstLineEnd(view.text()));
      return BringupException.configuration(
          console
              + ": U-Boot waits for the rest of \""
              + command
              + "\": a quotation or block is not closed");
    }
    return BringupException.product(
        console
            + ": the prompt came back without the exit code of \""
            + command
            + "\" (a reset, or a # that makes a comment of the rest)");
  }

  private BringupException interrupted(
      ConsoleView view, MarkFinder mark, String command, long deadline) {
    int from = firstLineEnd(view.text());
    leave(view, from);
    int to = mark.isIn(view) ? mark.start() : view.text().length();
    return ConsoleFailure.of(
        watcher.recording().name(),
        "end of \"" + command + '"',
        new Outcome.TimedOut(deadline, watcher.recording().end(), text(view, from, to)));
  }

  /** Sends Ctrl-C and gives the prompt a while to come back. */
  private void leave(ConsoleView view, int from) {
    send(CTRL_C);
    long limit = watcher.recording().clock().nanos() + AFTER_INTERRUPT.toNanos();
    var _ = view.await("the prompt after Ctrl-C", v -> endsWithPrompt(v, from), limit);
  }

  /** The index behind the line end that Enter made, or the text's length. */
  private static int firstLineEnd(CharSequence text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) != '\n') {
      i++;
    }
    return Math.min(i + 1, text.length());
  }

  private static String text(ConsoleView view, int from, int to) {
    return ConsoleText.of(
        view.text().subSequence(from, to).toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private void send(String text) {
    wire.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
