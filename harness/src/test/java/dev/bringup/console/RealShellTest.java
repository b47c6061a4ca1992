package dev.bringup.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell prompt over a real pseudo terminal with echo, wrapping and line editors. */
class RealShellTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static ShellPrompt prompt(PtyShell shell) {
    awaitReady(shell);
    return new ShellPrompt(
        new Keyboard(shell.wire, Typing.USUAL),
        new ConsoleWatcher(shell.recording, List.of(), 0),
        Noise.usual(),
        new MarkTokens(new Random(7)));
  }

  /** Nobody may type before the shell is ready to read. */
  private static void awaitReady(PtyShell shell) {
    var watcher = new ConsoleWatcher(shell.recording, List.of(), 0);
    var ready = Expectation.of(ConsolePattern.literal("# "), ConsolePattern.literal("$ "));
    watcher.require(
        ready, shell.recording.cursor(0), shell.recording.clock().nanos() + LIMIT.toNanos());
  }

  /** One byte of each command is damaged; the shell counts how often it really ran. */
  @ParameterizedTest
  @ValueSource(strings = {"busybox ash", "dash -i", "bash --norc"})
  void aDamagedByteMakesNoWrongResult(String command) throws Exception {
    assumeInstalled(command.split(" ")[0]);
    try (var shell = new PtyShell(command)) {
      awaitReady(shell);
      var console = new FaultyConsole(shell.recording, shell.wire);
      var prompt =
          new ShellPrompt(
              new Keyboard(console, Typing.USUAL),
              new ConsoleWatcher(console.recording(), List.of(), 0),
              Noise.usual(),
              new MarkTokens(new Random(7)));
      prompt.run("n=0", LIMIT);
      var outcomes =
          new FaultSweep(console, 10)
              .run(
                  _ -> prompt.run("n=$((n + 1)); echo \"it's $n\"; (exit 3)", LIMIT),
                  3,
                  () -> Integer.parseInt(prompt.run("echo $n", LIMIT).output().strip()),
                  n -> "it's " + n + "\n");
      if (Boolean.getBoolean("bringup.every.fault")) {
        System.out.println(command + ": " + outcomes);
      }
    }
  }

  private static void assumeInstalled(String program) {
    for (String needed : List.of("script", program)) {
      assumeTrue(
          Stream.of("/usr/bin/", "/bin/").anyMatch(d -> Files.isExecutable(Path.of(d + needed))),
          needed + " is not installed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"busybox ash", "dash -i", "bash --norc"})
  void runsCommandsAndKeepsState(String command) throws Exception {
    assumeInstalled(command.split(" ")[0]);
    try (var shell = new PtyShell(command)) {
      var prompt = prompt(shell);

      var hello = prompt.run("echo hello; echo 'it'\\''s' \"a  b\"; false", LIMIT);
      assertThat(hello.output()).isEqualTo("hello\nit's a  b\n");
      assertThat(hello.exitCode()).isEqualTo(1);
      assertThat(hello.verified()).isTrue();

      assertThat(prompt.run("cd /usr && X=5", LIMIT).exitCode()).isZero();
      assertThat(prompt.run("pwd; echo $X", LIMIT).output()).isEqualTo("/usr\n5\n");
      assertThat(prompt.run("printf 'no line end'", LIMIT).output()).isEqualTo("no line end");
      assertThat(prompt.run("true", LIMIT).output()).isEmpty();
      assertThat(prompt.run("if", LIMIT).exitCode()).isEqualTo(2);
      assertThat(prompt.run("no-such-command", LIMIT).exitCode()).isEqualTo(127);

      String longWords = "x".repeat(70) + " " + "y z ".repeat(40).strip();
      assertThat(prompt.run("echo '" + longWords + "'", LIMIT).output())
          .isEqualTo(longWords + "\n");

      var noisy = prompt.run("printf '[    1.000000] usb 1-1: new\\n(XEN) line\\r\\nx'", LIMIT);
      assertThat(noisy.output()).isEqualTo("[    1.000000] usb 1-1: new\n(XEN) line\nx");
      assertThat(noisy.verified()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"busybox ash", "dash -i", "bash --norc"})
  void sayThatACommandExitedItsShell(String command) throws Exception {
    assumeInstalled(command.split(" ")[0]);
    try (var shell = new PtyShell(command)) {
      var prompt = prompt(shell);
      var exit = prompt.run("echo bye; exit 3", LIMIT);
      assertThat(exit.exitCode()).isEqualTo(3);
      assertThat(exit.shellExited()).isTrue();
      assertThat(exit.output()).startsWith("bye\n"); // bash adds "exit"
      assertThat(prompt.run("echo again", LIMIT).output()).isEqualTo("again\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"busybox ash", "dash -i", "bash --norc"})
  void interruptsWhatTakesTooLongAndShowsItsOutput(String command) throws Exception {
    assumeInstalled(command.split(" ")[0]);
    try (var shell = new PtyShell(command)) {
      var prompt = prompt(shell);
      prompt.run("true", LIMIT);
      var failure =
          catchThrowableOfType(
              ConsoleFailure.class,
              () -> prompt.run("echo started; sleep 100", Duration.ofMillis(500)));
      assertThat(failure.kind()).isEqualTo(FailureKind.PRODUCT);
      assertThat(((Outcome.TimedOut) failure.outcome()).lastBytes()).isEqualTo("started\n");
      assertThat(prompt.run("echo next", LIMIT).output()).isEqualTo("next\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"busybox ash", "dash -i", "bash --norc"})
  void whatSomebodyLeftAtThePromptIsTakenBack(String command) throws Exception {
    assumeInstalled(command.split(" ")[0]);
    try (var shell = new PtyShell(command)) {
      var prompt = prompt(shell);
      for (String left : List.of("echo 'an open quotation\r", "touch half-a-line")) {
        long from = shell.recording.end();
        shell.wire.write(left.getBytes(StandardCharsets.ISO_8859_1));
        var watcher = new ConsoleWatcher(shell.recording, List.of(), 0);
        long deadline = shell.recording.clock().nanos() + LIMIT.toNanos();
        String shows = left.endsWith("\r") ? "> " : left;
        watcher.require(
            Expectation.of(ConsolePattern.literal(shows)), shell.recording.cursor(from), deadline);
        assertThat(prompt.run("echo fine; test -e half-a-line", LIMIT).output())
            .isEqualTo("fine\n");
      }
      assertThat(prompt.run("test -e half-a-line", LIMIT).exitCode()).isEqualTo(1);
    }
  }

  /** The terminal echoes what is typed ahead before the shell shows its prompt again. */
  @ParameterizedTest
  @ValueSource(strings = {"busybox ash", "dash -i", "bash --norc"})
  void aPromptThatComesLateHidesNoResult(String command) throws Exception {
    assumeInstalled(command.split(" ")[0]);
    try (var shell = new PtyShell(command)) {
      var prompt = prompt(shell);
      assertThat(prompt.run("true", LIMIT).exitCode()).isZero();
      shell.wire.write("sleep 0.7\r".getBytes(StandardCharsets.ISO_8859_1));
      var late = prompt.run("echo late; false", LIMIT);
      assertThat(late.output()).isEqualTo("late\n");
      assertThat(late.exitCode()).isEqualTo(1);
      assertThat(late.verified()).isTrue();
    }
  }
}
