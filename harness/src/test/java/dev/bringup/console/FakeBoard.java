package dev.bringup.console;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pretended board that echoes and answers at a U-Boot prompt or in a shell, within the write that
 * asks. Its commands are a function from command line to {@link Reply}.
 */
public final class FakeBoard implements Wire {
  /** What a command prints, with LF as line end, and its exit code. */
  public record Reply(String output, int exitCode) {}

  private static final Pattern U_BOOT = Pattern.compile("(.*); echo (BR:[0-9a-f]+:)\\$\\?");
  private static final Pattern SHELL = Pattern.compile("_br ([0-9a-f]+) '(.*)'");

  private final Recording recording;
  private final BoardOutput output;
  private final boolean shell;
  private final Function<String, Reply> commands;
  private final StringBuilder line = new StringBuilder();
  private IntPredicate lost = index -> false;
  private int typed;
  private int functions;

  private FakeBoard(
      Recording recording, BoardOutput output, boolean shell, Function<String, Reply> commands) {
    this.recording = recording;
    this.output = output;
    this.shell = shell;
    this.commands = commands;
    prompt();
  }

  /** A board at U-Boot's prompt. */
  public static FakeBoard atUBoot(Recording recording, Function<String, Reply> commands) {
    return new FakeBoard(recording, BoardOutput.clean(recording), false, commands);
  }

  /** A board at a shell's prompt. */
  public static FakeBoard atShell(Recording recording, Function<String, Reply> commands) {
    return new FakeBoard(recording, BoardOutput.clean(recording), true, commands);
  }

  static FakeBoard at(
      boolean shell, Recording recording, BoardOutput output, Function<String, Reply> commands) {
    return new FakeBoard(recording, output, shell, commands);
  }

  /** Loses the typed characters, counted from 0, for which {@code which} holds. */
  FakeBoard losing(IntPredicate which) {
    lost = which;
    return this;
  }

  /** The shell was started anew and knows no functions. */
  void forgetFunctions() {
    functions = 0;
  }

  @Override
  public void write(byte[] bytes) {
    recording.typed(bytes);
    for (byte b : bytes) {
      if (!lost.test(typed++)) {
        type((char) (b & 0xff));
      }
    }
  }

  private void type(char c) {
    switch (c) {
      case '\r' -> {
        output.say("\r\n");
        String entered = line.toString();
        line.setLength(0);
        enter(entered);
        prompt();
      }
      case 0x15 -> {
        output.say("\b \b".repeat(line.length()));
        line.setLength(0);
      }
      case 0x03 -> {
        output.say(shell ? "^C\r\n" : "<INTERRUPT>\r\n");
        line.setLength(0);
        prompt();
      }
      default -> {
        line.append(c);
        output.say(String.valueOf(c));
      }
    }
  }

  private void prompt() {
    output.say(shell ? "~ # \u001b[6n" : "=> ");
  }

  private void enter(String entered) {
    Matcher command = (shell ? SHELL : U_BOOT).matcher(entered);
    if (shell && entered.matches("_b[exr]\\(\\) .*")) {
      functions++;
    } else if (!command.matches()) {
      print(commands.apply(entered).output());
    } else if (!shell) {
      Reply reply = commands.apply(command.group(1));
      print(reply.output() + command.group(2) + reply.exitCode() + "\n");
    } else if (functions < 3) {
      print("-sh: _br: not found\n");
    } else {
      String mark = "BR:" + command.group(1);
      Reply reply = commands.apply(command.group(2).replace("'\\''", "'"));
      byte[] bytes = reply.output().getBytes(StandardCharsets.ISO_8859_1);
      print("\n" + mark + ":B\n" + reply.output() + "\n" + mark + ":E:" + reply.exitCode());
      print(":" + OutputProof.md5(bytes) + "  - " + bytes.length + ":.\n");
    }
  }

  private void print(String text) {
    output.say(text.replace("\n", "\r\n"));
  }
}
