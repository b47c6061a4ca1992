package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs commands at U-Boot's prompt.
 *
 * <p>Typed is {@code COMMAND; br=TOKEN:$?; setenv br; echo BR:$br:$br }; printed is the mark with
 * the exit code's digits, which the echo of the typed line does not contain. The mark has token and
 * exit code twice, so that a damaged one is known as such; then the prompt that comes back is asked
 * for {@code $br} again, which does not run the command again. Facts of U-Boot 2023.01 that this
 * rests on:
 *
 * <ul>
 *   <li>a bare Enter repeats the last line, but not if a command in it cannot be repeated: {@code
 *       setenv} is such a command, and without a value it changes nothing, so Enter may be doubled
 *       by the line, or pressed again when nothing shows that it came;
 *   <li>Ctrl-C takes a line back, leaves an unfinished block and gives a new prompt, and Enter does
 *       nothing behind it;
 *   <li>{@code br=...} is a variable of the shell, which neither {@code printenv} shows nor {@code
 *       saveenv} keeps;
 *   <li>a doubled space changes nothing, so the line ends in one;
 *   <li>a line holds 512 characters, the bell rings for each one more; an apostrophe opens a
 *       quotation even within double quotes.
 * </ul>
 *
 * <p>Nothing proves a command's output here; its exit code is proven. Belongs to one thread.
 */
public final class UBootPrompt {
  /** U-Boot's prompt unless its configuration says otherwise (CONFIG_SYS_PROMPT). */
  public static final String USUAL_PROMPT = "=> ";

  private static final String CONTINUATION = "> ";
  private static final String ASK = "echo BR:$br:$br ";
  private static final Duration SETTLED = Duration.ofMillis(300);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);
  private static final int MOST_PRESSES = 2;
  private static final int LONGEST_PROMPT_LINE = 1024;

  private final Keyboard keyboard;
  private final ConsoleWatcher watcher;
  private final Noise noise;
  private final String prompt;
  private final Supplier<String> tokens;

  /** The tokens of earlier lines. */
  private final Set<String> earlier = new HashSet<>();

  private boolean lost;

  private final PromptLine line =
      new PromptLine() {
        @Override
        public boolean isPrompt(String text) {
          return text.endsWith(prompt);
        }

        @Override
        public boolean hasRun(CharSequence came) {
          return came.toString().contains('\n' + prompt);
        }

        @Override
        public void takeBack(int attempt, long deadline) {
          leave(deadline);
        }
      };

  /**
   * @param prompt what U-Boot prints when it waits for a command
   * @param tokens gives a word of letters and digits, a new one each time ({@link MarkTokens})
   */
  public UBootPrompt(
      Keyboard keyboard,
      ConsoleWatcher watcher,
      Noise noise,
      String prompt,
      Supplier<String> tokens) {
    this.keyboard = keyboard;
    this.watcher = watcher;
    this.noise = noise;
    this.prompt = prompt;
    this.tokens = tokens;
  }

  /** What a board does that was given a command. */
  private enum Answer {
    MARK,
    /** The prompt came back without the mark. */
    PROMPT,
    /** It waits for the rest of the command. */
    CONTINUATION,
    /** Nothing of that in time. */
    LATE
  }

  /**
   * Runs a command, once, and waits for the prompt behind it.
   *
   * @param limit for all of it, in board time; then Ctrl-C is sent
   * @throws ConsoleFailure if it did not end in time, a bad pattern came first or the wire ended
   * @throws BringupException (configuration) if U-Boot waits for the rest of the command; (product)
   *     if the prompt came back without an exit code, as after a reset; (infrastructure) if the
   *     wire damages what is typed or the exit code
   */
  public CommandResult run(String command, Duration limit) {
    long deadline = now() + limit.toNanos();
    String token = tokens.get();
    try {
      return run(command, token, deadline);
    } finally {
      earlier.add(token);
    }
  }

  private CommandResult run(String command, String token, long deadline) {
    String typed = command + "; br=" + token + ":$?; setenv br; " + ASK;
    ready(deadline);
    for (boolean again = false; ; again = true) {
      Keyboard.Line entered = keyboard.enter(watcher, noise, line, typed, deadline);
      ConsoleView view = entered.view();
      MarkFinder mark = mark(token);
      switch (await(view, mark, token, command, deadline)) {
        case MARK -> {
          lost = false;
          awaitPrompt(view, mark.end(), command, deadline);
          int start = firstLineEnd(view.text());
          return result(command, mark, entered, view, start, mark.start(), mark.end());
        }
        case PROMPT -> {
          return asked(command, token, entered, deadline);
        }
        case CONTINUATION -> {
          leave(deadline);
          if (again) {
            throw BringupException.configuration(
                watcher.recording().name()
                    + ": U-Boot waits for the rest of \""
                    + command
                    + "\": a quotation or block is not closed");
          }
        }
        case LATE -> throw interrupted(view, mark, command, deadline);
      }
    }
  }

  /**
   * Types a command that is not expected back: {@code reset}, {@code booti}, {@code source}.
   *
   * @return the offset behind the echo, from which to expect what it does
   */
  public long start(String command, Duration limit) {
    long deadline = now() + limit.toNanos();
    ready(deadline);
    return keyboard.enter(watcher, noise, line, command, deadline).echoed();
  }

  /** Whether a command ran out of time, did not end at Ctrl-C, and nothing was answered since. */
  public boolean isLost() {
    return lost;
  }

  /** Leaves what somebody else has left at the prompt, if anything. */
  private void ready(long deadline) {
    long end = watcher.recording().end();
    var tail = new ConsoleView(watcher, noise, Math.max(0, end - LONGEST_PROMPT_LINE));
    long settled = Math.min(deadline, now() + SETTLED.toNanos());
    if (!tail.await("the prompt", v -> endsWithPrompt(v, 0), settled)) {
      leave(deadline);
    }
  }

  private static MarkFinder mark(String token) {
    String twice = "BR:%1$s:([0-9]+):%1$s:\\1(?=[^0-9])[\r\n]*".formatted(token);
    return new MarkFinder(twice, false, 0);
  }

  private Answer await(
      ConsoleView view, MarkFinder mark, String token, String command, long deadline) {
    while (true) {
      // A text that looks final is looked at again when the board has been quiet for a while.
      Answer looks = looksStopped(view, token);
      int seen = view.text().length();
      boolean whole = looks == Answer.CONTINUATION || endsWithPrompt(view, 0);
      Duration quiet = whole ? SETTLED : keyboard.typing().echoLimit();
      long until = looks == Answer.LATE ? deadline : Math.min(deadline, now() + quiet.toNanos());
      boolean more =
          view.await(
              "the end of \"" + command + '"',
              v ->
                  mark.isIn(v)
                      || (looks == Answer.LATE
                          ? looksStopped(v, token) != looks
                          : v.text().length() != seen),
              until);
      if (mark.isIn(view)) {
        return Answer.MARK;
      }
      if (!more) {
        return deadline - now() > 0 ? looks : Answer.LATE;
      }
    }
  }

  /** What U-Boot seems to wait for though the mark has not come; LATE if it does not. */
  private Answer looksStopped(ConsoleView view, String token) {
    CharSequence text = view.text();
    int from = firstLineEnd(text);
    if (text.length() == from + CONTINUATION.length()
        && CharSequence.compare(text.subSequence(from, text.length()), CONTINUATION) == 0) {
      return Answer.CONTINUATION;
    }
    // The line end before a prompt may be lost, or the prompt and the mark be damaged.
    boolean stopped = endsWith(view, prompt) || DamagedMark.isNear(text, 0, token);
    return stopped ? Answer.PROMPT : Answer.LATE;
  }

  /** Asks for the exit code whose mark did not come. */
  private CommandResult asked(String command, String token, Keyboard.Line entered, long deadline) {
    ConsoleView view = entered.view();
    final int said = Math.max(1, view.text().length() - prompt.length());
    String answered = "";
    for (int ask = 1; ask <= keyboard.typing().attempts() && deadline - now() > 0; ask++) {
      ConsoleView answer = keyboard.enter(watcher, noise, line, ASK, deadline).view();
      MarkFinder mark = mark(token);
      if (await(answer, mark, token, command, deadline) == Answer.MARK) {
        awaitPrompt(answer, mark.end(), command, deadline);
        int start = firstLineEnd(view.text());
        int end = DamagedMark.start(view.text(), start, said, mark.group(0).strip());
        return result(command, mark, entered, view, start, end, said);
      }
      if (saysThatItDidNotRun(answer)) {
        throw BringupException.product(
            watcher.recording().name()
                + ": the prompt came back without the exit code of \""
                + command
                + "\" (a reset, or a # that makes a comment of the rest)");
      }
      answered = answer.last();
      leave(deadline);
    }
    throw BringupException.infrastructure(
        "%s: the mark with the exit code of \"%s\" was damaged, and so was each answer to \"%s\";"
                .formatted(watcher.recording().name(), command, ASK.strip())
            + " last: "
            + answered.strip().lines().reduce("", (_, last) -> last),
        "check the cable, the ground and the line's speed");
  }

  /** Whether the answer is that of an earlier line, or that nothing is kept. */
  private boolean saysThatItDidNotRun(ConsoleView answer) {
    var kept = new MarkFinder("BR:(?:|([0-9a-z]+):[0-9]+):(?:|\\1:[0-9]+)\r*\n", false, 0);
    return kept.isIn(answer) && (kept.group(1).isEmpty() || earlier.contains(kept.group(1)));
  }

  private CommandResult result(
      String command,
      MarkFinder mark,
      Keyboard.Line entered,
      ConsoleView view,
      int outputStart,
      int outputEnd,
      int end) {
    long offset = view.filter().offsetOf(end - 1) + 1;
    return new CommandResult(
        command,
        mark.number(1),
        text(view, outputStart, outputEnd),
        CommandResult.Proof.NONE,
        false,
        entered.start(),
        offset,
        Duration.ofNanos(watcher.recording().timeAt(offset - 1) - entered.entered()));
  }

  private void awaitPrompt(ConsoleView view, int from, String command, long deadline) {
    long limit = Math.min(deadline, now() + keyboard.typing().echoLimit().toNanos());
    String awaited = "the prompt after \"" + command + '"';
    if (!view.await(awaited, v -> endsWithPrompt(v, from), limit) && !leave(deadline)) {
      throw ConsoleFailure.of(
          watcher.recording().name(),
          "prompt after \"" + command + '"',
          new Outcome.TimedOut(deadline, watcher.recording().end(), view.last()));
    }
  }

  private boolean endsWithPrompt(ConsoleView view, int from) {
    int length = view.text().length() + view.filter().held().length();
    return endsWith(view, '\n' + prompt)
        || (length - prompt.length() == from && endsWith(view, prompt));
  }

  private static boolean endsWith(ConsoleView view, String end) {
    int length = view.text().length();
    int tail = Math.max(0, length - end.length());
    return (view.text().subSequence(tail, length) + view.filter().held()).endsWith(end);
  }

  private BringupException interrupted(
      ConsoleView view, MarkFinder mark, String command, long deadline) {
    int from = firstLineEnd(view.text());
    lost = !leave(now() + AFTER_INTERRUPT.toNanos());
    view.await("what is left", _ -> true, now());
    int to = mark.isIn(view) ? mark.start() : view.text().length();
    return ConsoleFailure.of(
        watcher.recording().name(),
        "end of \"" + command + '"',
        new Outcome.TimedOut(deadline, watcher.recording().end(), text(view, from, to)));
  }

  /** Sends Ctrl-C until the prompt comes; false if it does not. */
  private boolean leave(long deadline) {
    for (int press = 1; press <= MOST_PRESSES; press++) {
      watcher.recording().clock().catchUp();
      var view = new ConsoleView(watcher, noise, watcher.recording().end());
      keyboard.press(watcher, Keyboard.CTRL_C);
      long limit = Math.min(deadline, now() + keyboard.typing().echoLimit().toNanos());
      if (view.await("the prompt after Ctrl-C", v -> endsWithPrompt(v, 0), limit)) {
        return true;
      }
      if (deadline - now() <= 0) {
        return false;
      }
    }
    return false;
  }

  /** The index behind the line end that Enter made, which may be damaged: CR LF. */
  private static int firstLineEnd(CharSequence text) {
    int line = text.subSequence(0, Math.min(5, text.length())).toString().indexOf("\r\n");
    if (line >= 0) {
      boolean doubled = line + 2 < text.length() && text.charAt(line + 2) == '\n';
      return line + (doubled ? 3 : 2);
    }
    int i = 0;
    while (i < text.length() && text.charAt(i) == '\r') {
      i++;
    }
    boolean oneBitOff = i < text.length() && Integer.bitCount(text.charAt(i) ^ '\n') <= 1;
    if (i == 0 && text.length() > 1 && text.charAt(1) == '\n') {
      return 2;
    }
    return oneBitOff ? i + 1 : i;
  }

  private static String text(ConsoleView view, int from, int to) {
    return ConsoleText.of(
        view.text().subSequence(from, to).toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private long now() {
    return watcher.recording().clock().nanos();
  }
}
