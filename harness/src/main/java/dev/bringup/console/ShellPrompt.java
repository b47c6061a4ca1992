package dev.bringup.console;

import dev.bringup.console.CommandResult.Proof;
import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs commands in a POSIX shell at a console on which a kernel prints as well: busybox ash in dom0
 * or a guest, dash, bash.
 *
 * <p>On first use, and again when the shell does not know it (a reboot, a new shell), a function is
 * typed that runs a command and prints begin mark, output and end mark; then {@code _br TOKEN
 * 'COMMAND' .} runs each command. The marks with their values are printed only, never typed. The
 * command is evaluated in the shell itself, so {@code cd} and variables last; its output goes to a
 * file first, and the end mark carries the file's {@code md5sum} and length, by which kernel lines
 * among the output are told from output that looks like them. The price is that output is not on
 * the console before the command ends.
 *
 * <p>The function runs a command once for each token. Given the same token again, it prints the
 * same result again, so whatever the wire has damaged can be asked for until it is right. It does
 * nothing unless it has three arguments of which the last is a dot: what is left of another line,
 * or a doubled character, is not run.
 *
 * <p>A command that exits its shell gets a result that says so, and a fresh shell takes over.
 * Belongs to one thread.
 */
public final class ShellPrompt {
  /**
   * The functions: give the result, leave the shell, run. {@code command eval}: a syntax error in a
   * bare {@code eval} would abort them (POSIX.1-2024, 2.8.1). Kinds in the mark: F, the output file
   * could not be opened; I, interrupted or still running; E, ended; X, exited. The end mark has
   * kind and exit code twice: no checksum guards them. File descriptor 9 is the console, for the
   * exit trap: bash runs it with the output still redirected, dash and ash do not. Each mark starts
   * a line of its own: where the terminal echoes, and not the shell, Enter may be echoed before the
   * shell prints the prompt that the mark would then stand behind. A shell that takes over inherits
   * the result. A doubled space at the end changes nothing.
   */
  static final List<String> FUNCTIONS =
      List.of(
          "_be() { trap - 0; cat $_bf; echo; echo \"BR:$_bt:$_bk:$_bc:$(md5sum <$_bf 2>/dev/null)"
              + " $(wc -c <$_bf 2>/dev/null):$_bk:$_bc.\"; } ",
          "_bx() { true 2>/dev/null >&9 && exec >&9 2>&1 9>&-; _bk=X _bc=$1; _be;"
              + " export _bt _bf _bk _bc; exec ${BASH:-sh}; } ",
          "_br() { [ \"$1\" = \"$_bt\" ] || [ \"$#$3\" = 3. ] || return; echo; echo \"BR:$1:B\"; ["
              + " \"$1\" = \"$_bt\" ] || { unset _bt _bf _bk _bc; _bt=$1 _bf=/tmp/.br$$ _bk=F"
              + " _bc=1; trap '_bx $?' 0; { _bk=I _bc=130; command eval \"$2\"; _bc=$? _bk=E; }"
              + " 9>&1 >$_bf 2>&1; }; _be; } ");

  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);
  private static final Duration INTERRUPTED = Duration.ofMillis(200);

  /** How long a prompt that does not look like one is waited for. */
  private static final Duration PROMPT_LIMIT = Duration.ofMillis(500);

  /** How long nothing may come behind a prompt that is known before it counts. */
  private static final Duration SETTLED = Duration.ofMillis(300);

  private static final int MOST_NUDGES = 2;
  private static final int LONGEST_PROMPT = 512;

  private final Keyboard keyboard;
  private final ConsoleWatcher watcher;
  private final Noise noise;
  private final Supplier<String> tokens;
  private boolean defined;
  private boolean lost;

  /** What stood on the line before something was typed at the shell; "" if not known. */
  private String prompt = "";

  /** Whether the shell was at its prompt when the present line was begun. */
  private boolean idle;

  private final PromptLine line =
      new PromptLine() {
        @Override
        public boolean isPrompt(String text) {
          return looksPrompted(text);
        }

        @Override
        public boolean hasRun(CharSequence came) {
          return false; // the open quotation or function keeps the shell from it
        }

        @Override
        public void takeBack(int attempt, long deadline) {
          // A program that somebody has started must not be stopped for a line typed ahead.
          clear(idle || attempt > 1, deadline);
        }
      };

  /**
   * @param tokens gives a word of letters and digits, a new one each time ({@link MarkTokens})
   */
  public ShellPrompt(
      Keyboard keyboard, ConsoleWatcher watcher, Noise noise, Supplier<String> tokens) {
    this.keyboard = keyboard;
    this.watcher = watcher;
    this.noise = noise;
    this.tokens = tokens;
  }

  /**
   * Runs a command line, once.
   *
   * @param command one line of shell; what it reads from standard input comes from the console
   * @param limit for all of it, in board time; then Ctrl-C is sent
   * @throws ConsoleFailure if it did not end in time (with its output so far), a bad pattern came
   *     first or the wire ended
   * @throws BringupException (configuration) if the command has control characters;
   *     (infrastructure) if the shell cannot keep its output, or the wire damages what is typed or
   *     the result each time
   */
  public CommandResult run(String command, Duration limit) {
    return new Command(command, now() + limit.toNanos()).run();
  }

  /**
   * Types a command that is not expected back, such as {@code xl console}.
   *
   * @return the offset behind the echo, from which to expect what it does
   */
  public long start(String command, Duration limit) {
    return enter(command, now() + limit.toNanos()).echoed();
  }

  /** Whether a command ran out of time, did not end at Ctrl-C, and nothing was answered since. */
  public boolean isLost() {
    return lost;
  }

  private Keyboard.Line enter(String typed, long deadline) {
    ready(deadline);
    return keyboard.enter(watcher, noise, line, typed, deadline);
  }

  private void define(long deadline) {
    for (String function : FUNCTIONS) {
      awaitPrompt(enter(function, deadline).view(), 0, deadline);
    }
    defined = true;
  }

  /** How the shell answered to a line. */
  private enum Answer {
    /** With an end mark. */
    RESULT,
    /** With a prompt, where the begin mark should be. */
    NOT_RUN,
    /** With the begin mark and then a prompt, where the end mark should be. */
    DAMAGED,
    /** That it does not know the functions. */
    UNKNOWN,
    /** Not at all, in time. */
    LATE
  }

  /** One command on its way. */
  private final class Command {
    private final String command;
    private final long deadline;
    private final String token = tokens.get();
    private final String ask = "_br " + token + " .";
    private final Recording recording = watcher.recording();
    private long start = -1;
    private long entered;
    private long ended = -1;

    /** Whether it is certain that the command was begun. */
    private boolean begun;

    private Command(String command, long deadline) {
      this.command = command;
      this.deadline = deadline;
    }

    private CommandResult run() {
      String whole = "_br " + token + " '" + command.replace("'", "'\\''") + "' .";
      CommandResult damaged = null;
      for (int attempt = 1; attempt <= keyboard.typing().attempts(); attempt++) {
        if (!defined) {
          define(deadline);
        }
        Keyboard.Line typed = enter(begun ? ask : whole, deadline);
        if (start < 0) {
          start = typed.start();
          entered = typed.entered();
        }
        var marks = new Marks(typed.view(), token);
        Answer answer = await(marks, "the end of \"" + command + '"', deadline);
        begun |= marks.hasBegun();
        switch (answer) {
          case RESULT -> {
            lost = false;
            CommandResult result = result(marks);
            if (result.proof() != Proof.DAMAGED) {
              return result;
            }
            damaged = result;
          }
          case UNKNOWN -> defined = false;
          case NOT_RUN -> clear(true, deadline);
          case DAMAGED -> {
            noteEnd(recording.end());
            defined &= !marks.isUnknown();
          }
          case LATE -> throw interrupted(marks);
        }
      }
      if (damaged != null) {
        return damaged;
      }
      if (!defined && !begun) {
        throw BringupException.product(
            recording.name() + ": the shell forgets functions; is it a POSIX shell?");
      }
      throw BringupException.infrastructure(
          "%s: typed \"%s\" %d times, but %s; last: %s"
              .formatted(
                  recording.name(),
                  whole,
                  keyboard.typing().attempts(),
                  begun
                      ? "its result was damaged each time, or its shell is gone"
                      : "the shell did not run it",
                  lastLines(recording)),
          "check the cable, the ground and the line's speed");
    }

    /** The command had ended by the time at which the byte before {@code offset} came. */
    private void noteEnd(long offset) {
      if (ended < 0) {
        ended = recording.timeAt(offset - 1);
      }
    }

    /** The result that an end mark gives. */
    private CommandResult result(Marks marks) {
      MarkFinder end = marks.end;
      if (end.group(1).equals("F")) {
        throw BringupException.infrastructure(
            recording.name()
                + ": the shell cannot write to /tmp, so \""
                + command
                + "\" was not run",
            "mount something writable on /tmp before running commands");
      }
      if (end.group(1).equals("I")) {
        throw BringupException.infrastructure(
            recording.name() + ": \"" + command + "\" was interrupted before it ended",
            "somebody else types at this console, or characters come as Ctrl-C");
      }
      boolean exited = end.group(1).equals("X");
      defined = !exited;
      Output output = output(marks);
      awaitPrompt(marks.view, end.end() - 1, deadline);
      if (!exited) {
        prompt = lastLine(marks.view, end.end() - 1);
      }
      long offset = marks.view.filter().offsetOf(end.end() - 1) + 1;
      noteEnd(offset);
      return new CommandResult(
          command,
          end.number(2),
          output.text(),
          output.proof(),
          exited,
          start,
          offset,
          Duration.ofNanos(ended - entered));
    }

    /** Stops the command, fetches its output so far and says that it took too long. */
    private ConsoleFailure interrupted(Marks marks) {
      String lastBytes = marks.view.last();
      long limit = now() + AFTER_INTERRUPT.toNanos();
      String output = null;
      try {
        for (int press = 1; press <= keyboard.typing().attempts() && limit - now() > 0; press++) {
          keyboard.press(watcher, Keyboard.CTRL_C);
          watcher.collectTail(INTERRUPTED, limit);
          if (looksPrompted(lastLine())) {
            break;
          }
        }
        idle = true;
        Keyboard.Line asked = keyboard.enter(watcher, noise, line, ask, limit);
        var answer = new Marks(asked.view(), token);
        if (await(answer, "the output so far", limit) == Answer.RESULT && answer.hasBegun()) {
          output = output(answer).text();
          awaitPrompt(answer.view, answer.end.end() - 1, limit);
        }
      } catch (BringupException e) {
        // Ctrl-C did not help; the console as it is then says most.
        defined = false;
      }
      lost = output == null;
      return ConsoleFailure.of(
          recording.name(),
          "end of \"" + command + '"',
          new Outcome.TimedOut(deadline, recording.end(), output == null ? lastBytes : output));
    }
  }

  /** The marks of one command behind one typed line. */
  private static final class Marks {
    private final ConsoleView view;
    private final String token;
    private final MarkFinder begin;
    private final MarkFinder end;
    private final MarkFinder unknown = new MarkFinder("_b[erx]: (?:command )?not found", false, 0);

    private Marks(ConsoleView view, String token) {
      this.view = view;
      this.token = token;
      begin = new MarkFinder("BR:" + token + ":B\r*\n", true, 0);
      end =
          new MarkFinder(
              ("BR:" + token + ":([EFXI]):([0-9]+):")
                  + "(?:([0-9a-f]{32})[ -]+([0-9]+)| *[0-9]*):\\1:\\2\\.\r*\n",
              true,
              0);
    }

    private boolean hasBegun() {
      return begin.isIn(view) || end.isIn(view);
    }

    private boolean hasEnded() {
      return end.isIn(view);
    }

    /**
     * Whether the end mark seems to be there, though damaged: behind the begin mark, nothing but a
     * mark has the token.
     */
    private boolean looksEnded() {
      return begin.isIn(view) && DamagedMark.isNear(view.text(), begin.end(), token);
    }

    private boolean isUnknown() {
      return unknown.isIn(view);
    }
  }

  /** Waits until the shell has answered to a line. */
  private Answer await(Marks marks, String awaited, long deadline) {
    ConsoleView view = marks.view;
    int nudges = 0;
    while (true) {
      boolean begun = marks.hasBegun();
      int seen = view.text().length();
      String last = lastLine(view, 0);
      boolean prompted = looksPrompted(last);
      // What looks like a prompt or a mark counts when the board has been quiet for a while.
      Duration quiet = prompted && last.equals(prompt) ? SETTLED : keyboard.typing().echoLimit();
      boolean stopped = prompted || marks.looksEnded();
      boolean waits = !stopped && (begun || nudges == MOST_NUDGES);
      long until = waits ? deadline : Math.min(deadline, now() + quiet.toNanos());
      boolean more =
          view.await(
              awaited,
              v ->
                  marks.hasEnded()
                      || (!begun && (marks.hasBegun() || marks.isUnknown()))
                      || (!waits && v.text().length() != seen)
                      || (waits && (looksPrompted(lastLine(v, 0)) || marks.looksEnded())),
              until);
      if (marks.hasEnded()) {
        return Answer.RESULT;
      }
      if (!marks.hasBegun() && marks.isUnknown()) {
        return Answer.UNKNOWN;
      }
      if (more) {
        continue;
      }
      if (deadline - now() <= 0) {
        return Answer.LATE;
      }
      if (stopped) {
        return begun ? Answer.DAMAGED : Answer.NOT_RUN;
      }
      // An empty line does nothing at a shell; perhaps Enter did not come.
      nudges++;
      keyboard.press(watcher, Keyboard.ENTER);
    }
  }

  /** Leaves what somebody else has left at the prompt, if anything. */
  private void ready(long deadline) {
    idle = looksPrompted(lastLine());
    if (!idle) {
      long end = watcher.recording().end();
      var tail = new ConsoleView(watcher, noise, Math.max(0, end - LONGEST_PROMPT));
      awaitPrompt(tail, 0, deadline);
      idle = looksPrompted(lastLine());
    }
    String last = lastLine();
    if (isContinuation(last)) {
      clear(true, deadline);
    } else if (!idle) {
      clear(false, deadline);
    }
  }

  /** Takes back what is on the line. */
  private void clear(boolean interrupt, long deadline) {
    if (interrupt) {
      keyboard.press(watcher, Keyboard.CTRL_C);
      keyboard.settle(watcher, deadline);
    }
    keyboard.press(watcher, Keyboard.CTRL_U);
    keyboard.settle(watcher, deadline);
  }

  /**
   * Waits until the shell seems to read again: what is typed before is echoed twice, or amid the
   * prompt. Prompts differ, so this is for pace only; what goes wrong is seen by the echo.
   */
  private void awaitPrompt(ConsoleView view, int from, long deadline) {
    long limit = Math.min(deadline, now() + PROMPT_LIMIT.toNanos());
    var _ = view.await("the prompt", v -> looksPrompted(lastLine(v, from)), limit);
  }

  /** What is on the console's last line, as {@link Echo#text}. */
  private String lastLine() {
    long end = watcher.recording().end();
    var tail = new ConsoleView(watcher, noise, Math.max(0, end - LONGEST_PROMPT));
    tail.await("the prompt", _ -> true, now());
    return lastLine(tail, 0);
  }

  /** What is behind the last line end behind {@code from}, as {@link Echo#text}; "" if none is. */
  private static String lastLine(ConsoleView view, int from) {
    CharSequence text = view.text();
    int end = text.length();
    int line = end;
    while (line > from && end - line < LONGEST_PROMPT && text.charAt(line - 1) != '\n') {
      line--;
    }
    String last = text.subSequence(line, end) + view.filter().held();
    return line == from && from > 0 ? "" : new Echo(last).text();
  }

  private boolean looksPrompted(String last) {
    String visible = last.stripTrailing();
    return (!prompt.isEmpty() && last.equals(prompt))
        || (!visible.isEmpty() && "#$%>".indexOf(visible.charAt(visible.length() - 1)) >= 0);
  }

  private boolean isContinuation(String last) {
    return last.strip().equals(">") && !last.equals(prompt);
  }

  private record Output(String text, Proof proof) {}

  /** The output between the marks; the line end before the end mark is not part of it. */
  private Output output(Marks marks) {
    ConsoleView view = marks.view;
    boolean begun = marks.begin.isIn(view) && marks.begin.end() <= marks.end.start();
    int from = begun ? marks.begin.end() : marks.end.start();
    int to = marks.end.start();
    String clean = view.text().subSequence(from, to).toString();
    boolean provable = !marks.end.group(3).isEmpty() && marks.end.group(4).length() < 10;
    Optional<byte[]> proven = Optional.empty();
    if (provable) {
      List<OutputProof.Line> lines =
          OutputProof.linesBetween(view.filter(), watcher.recording(), from, to);
      proven = new OutputProof(clean, lines, marks.end.number(4), marks.end.group(3)).find();
    }
    Proof otherwise = provable || !begun ? Proof.DAMAGED : Proof.NONE;
    return proven
        .map(bytes -> new Output(ConsoleText.of(bytes), Proof.PROVEN))
        .orElseGet(() ->
            new Output(
                ConsoleText.of(
                    OutputProof.withoutLastLineEnd(clean).getBytes(StandardCharsets.ISO_8859_1)),
                otherwise));
  }

  private static String lastLines(Recording recording) {
    return recording.text(Math.max(0, recording.end() - LONGEST_PROMPT), recording.end()).strip();
  }

  private long now() {
    return watcher.recording().clock().nanos();
  }
}
