package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands in a POSIX shell at a console on which a kernel prints as well: busybox ash in dom0
 * or a guest, dash, bash.
 *
 * <p>On first use, and again when the shell does not know it (a reboot, a new shell), a function is
 * typed that runs a command and prints begin mark, output and end mark; then {@code _br TOKEN
 * 'COMMAND'} runs each command. The marks with their values are printed only, never typed. The
 * command is evaluated in the shell itself, so {@code cd} and variables last; its output goes to a
 * file first, and the end mark carries the file's {@code md5sum} and length, by which kernel lines
 * among the output are told from output that looks like them. The price is that output is not on
 * the console before the command ends.
 *
 * <p>A command that exits its shell gets a result that says so, and a fresh shell takes over.
 * Belongs to one thread.
 */
public final class ShellPrompt {
  /**
   * The functions. {@code command eval}: a syntax error in a bare {@code eval} would abort them
   * (POSIX.1-2024, 2.8.1). Kind F in the mark: the output file could not be opened. File descriptor
   * 9 is the console, for the exit trap: bash runs it with the output still redirected, dash and
   * ash do not. Each mark starts a line of its own: where the terminal echoes, and not the shell,
   * Enter may be echoed before the shell prints the prompt that the mark would then stand behind.
   */
  private static final List<String> FUNCTIONS =
      List.of(
          "_be() { cat $_bf; echo; echo \"BR:$_bt:$1:$2:$(md5sum <$_bf 2>/dev/null) $(wc -c <$_bf"
              + " 2>/dev/null):.\"; }",
          "_bx() { true 2>/dev/null >&9 && exec >&9 2>&1 9>&-; _be X $1; exec ${BASH:-sh}; }",
          "_br() { _bt=$1 _bf=/tmp/.br$$ _bk=F; echo; echo \"BR:$1:B\"; trap '_bx $?' 0;"
              + " { _bk=E; command eval \"$2\"; } 9>&1 >$_bf 2>&1; _be $_bk $?; trap - 0; }");

  private static final String CTRL_C = "\u0003";
  private static final String CTRL_U = "\u0015";
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  /** How long a prompt that does not look like one is waited for. */
  private static final Duration PROMPT_LIMIT = Duration.ofMillis(500);

  private final Wire wire;
  private final ConsoleWatcher watcher;
  private final Noise noise;
  private final Typing typing;
  private final Supplier<String> tokens;
  private boolean defined;

  /**
   * @param tokens gives a word of letters and digits, a new one each time ({@link MarkTokens})
   */
  public ShellPrompt(
      Wire wire, ConsoleWatcher watcher, Noise noise, Typing typing, Supplier<String> tokens) {
    this.wire = wire;
    this.watcher = watcher;
    this.noise = noise;
    this.typing = typing;
    this.tokens = tokens;
  }

  /**
   * Runs a command line.
   *
   * @param command one line of shell; what it reads from standard input comes from the console
   * @param limit for all of it, in board time; then Ctrl-C is sent
   * @throws ConsoleFailure if it did not end in time (with its output so far), a bad pattern came
   *     first or the wire ended
   * @throws BringupException (configuration) if the command has control characters;
   *     (infrastructure) if the shell cannot keep its output
   */
  public CommandResult run(String command, Duration limit) {
    long deadline = watcher.recording().clock().nanos() + limit.toNanos();
    if (!defined) {
      define(deadline);
    }
    CommandResult result = tryRun(command, deadline);
    if (result == null) { // a new shell, after a reboot or an exit
      define(deadline);
      result = tryRun(command, deadline);
    }
    if (result == null) {
      throw BringupException.product(
          watcher.recording().name() + ": the shell forgets functions; is it a POSIX shell?");
    }
    return result;
  }

  private void define(long deadline) {
    for (String function : FUNCTIONS) {
      Typing.Line line = typing.type(wire, watcher, noise, function, CTRL_U, deadline);
      send("\r");
      awaitPrompt(line.view(), 0, deadline);
    }
    defined = true;
  }

  /** Runs the command; null if the shell does not know the function. */
  private @Nullable CommandResult tryRun(String command, long deadline) {
    Recording recording = watcher.recording();
    String token = tokens.get();
    String typed = "_br " + token + " '" + command.replace("'", "'\\''") + "'";
    Typing.Line line = typing.type(wire, watcher, noise, typed, CTRL_U, deadline);
    ConsoleView view = line.view();
    final long entered = recording.clock().nanos();
    send("\r");
    var unknown = new MarkFinder("_br: (?:command )?not found", false, 0);
    var begin = new MarkFinder("BR:" + token + ":B\r*\n", true, 0);
    String awaited = "the end of \"" + command + '"';
    boolean begun = view.await(awaited, v -> begin.isIn(v) || unknown.isIn(v), deadline);
    if (begun && !begin.isIn(view)) {
      defined = false;
      return null;
    }
    var end = new MarkFinder(endMark(token), true, begun ? begin.end() : 0);
    if (!begun || !view.await(awaited, v -> end.isIn(v), deadline)) {
      throw interrupted(token, command, view.last(), deadline);
    }
    if (end.group(1).equals("F")) {
      throw BringupException.infrastructure(
          recording.name() + ": the shell cannot write to /tmp, so \"" + command + "\" was not run",
          "mount something writable on /tmp before running commands");
    }
    boolean exited = end.group(1).equals("X");
    defined = !exited;
    Output output = output(view, begin.end(), end);
    awaitPrompt(view, end.end() - 1, deadline);
    long offset = view.filter().offsetOf(end.end() - 1) + 1;
    return new CommandResult(
        command,
        end.number(2),
        output.text(),
        output.proven(),
        exited,
        line.start(),
        offset,
        Duration.ofNanos(recording.timeAt(offset - 1) - entered));
  }

  /**
   * Waits until the shell seems to read again: what is typed before is echoed twice, or amid the
   * prompt. Prompts differ, so this is for pace only; what goes wrong is seen by the echo.
   */
  private void awaitPrompt(ConsoleView view, int from, long deadline) {
    long limit = Math.min(deadline, watcher.recording().clock().nanos() + PROMPT_LIMIT.toNanos());
    var _ = view.await("the prompt", v -> looksPrompted(v, from), limit);
  }

  private static boolean looksPrompted(ConsoleView view, int from) {
    String text = view.text().subSequence(from, view.text().length()) + view.filter().held();
    int line = text.lastIndexOf('\n');
    String last = line < 0 ? "" : new Echo(text.substring(line)).text().stripTrailing();
    return !last.isEmpty() && "#$%>".indexOf(last.charAt(last.length() - 1)) >= 0;
  }

  private static String endMark(String token) {
    return "BR:" + token + ":([EFXI]):([0-9]+):(?:([0-9a-f]{32})[ -]+([0-9]+)| *[0-9]*):\\.\r*\n";
  }

  private record Output(String text, boolean proven) {}

  /** The output between the marks; the line end before the end mark is not part of it. */
  private Output output(ConsoleView view, int from, MarkFinder end) {
    CharSequence text = view.text();
    int to = end.start();
    String clean = text.subSequence(from, to).toString();
    Optional<byte[]> proven = Optional.empty();
    if (!end.group(3).isEmpty() && end.group(4).length() < 10) {
      List<OutputProof.Line> lines =
          OutputProof.linesBetween(view.filter(), watcher.recording(), from, to);
      proven = new OutputProof(clean, lines, end.number(4), end.group(3)).find();
    }
    return proven
        .map(bytes -> new Output(ConsoleText.of(bytes), true))
        .orElseGet(() ->
            new Output(
                ConsoleText.of(
                    OutputProof.withoutLastLineEnd(clean).getBytes(StandardCharsets.ISO_8859_1)),
                false));
  }

  /** Stops the command, fetches its output so far and says that it took too long. */
  private ConsoleFailure interrupted(
      String token, String command, String lastBytes, long deadline) {
    Recording recording = watcher.recording();
    long limit = recording.clock().nanos() + AFTER_INTERRUPT.toNanos();
    send(CTRL_C);
    watcher.collectTail(Duration.ofMillis(200), limit);
    String output = null;
    try {
      String fetch = "trap - 0; echo; echo BR:$_bt:I; _be I 130";
      Typing.Line line = typing.type(wire, watcher, noise, fetch, CTRL_U, limit);
      send("\r");
      ConsoleView view = line.view();
      var begin = new MarkFinder("BR:" + token + ":I\r*\n", true, 0);
      var end = new MarkFinder(endMark(token), true, 0);
      if (view.await("the output so far", v -> end.isIn(v), limit) && begin.isIn(view)) {
        output = output(view, begin.end(), end).text();
        awaitPrompt(view, end.end() - 1, limit);
      }
    } catch (BringupException e) {
      // Ctrl-C did not help; the console as it is then says most.
      defined = false;
    }
    return ConsoleFailure.of(
        recording.name(),
        "end of \"" + command + '"',
        new Outcome.TimedOut(deadline, recording.end(), output == null ? lastBytes : output));
  }

  private void send(String text) {
    wire.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
