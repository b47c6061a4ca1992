package dev.bringup.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pretended board that echoes and answers at a U-Boot prompt or in a shell, within the write that
 * asks. Its commands are a function from command line to {@link Reply}. It knows what else the
 * prompts rely on: Ctrl-C, Ctrl-U, Ctrl-S and Ctrl-Q, unclosed quotations, and that U-Boot repeats
 * a line at a bare Enter.
 */
public final class FakeBoard implements Wire {
  /** What a command prints, with LF as line end, and its exit code. */
  public record Reply(String output, int exitCode) {}

  private static final Pattern U_BOOT =
      Pattern.compile("(.*); br=([0-9a-f]+):\\$\\?; setenv br; echo BR:\\$br:\\$br *");

  private final Recording recording;
  private final BoardOutput output;
  private final boolean shell;
  private final Function<String, Reply> commands;
  private final Supplier<String> shellPrompt;
  private final StringBuilder line = new StringBuilder();
  private final StringBuilder stopped = new StringBuilder();
  private final List<String> functions = new ArrayList<>();
  private IntPredicate lost = index -> false;
  private Fault fault = Fault.NONE;
  private int typed;
  private long heard;
  private boolean isStopped;
  private String unclosed = "";
  private String repeated = "";
  private String result = "";
  private String token = "";

  private FakeBoard(
      Recording recording,
      BoardOutput output,
      boolean shell,
      Supplier<String> shellPrompt,
      Function<String, Reply> commands) {
    this.recording = recording;
    this.shellPrompt = shellPrompt;
    this.output = output;
    this.shell = shell;
    this.commands = commands;
    prompt();
  }

  /** A board at U-Boot's prompt. */
  public static FakeBoard atUBoot(Recording recording, Function<String, Reply> commands) {
    return at(false, recording, BoardOutput.clean(recording), commands);
  }

  /** A board at a shell's prompt. */
  public static FakeBoard atShell(Recording recording, Function<String, Reply> commands) {
    return at(true, recording, BoardOutput.clean(recording), commands);
  }

  /** A board at a shell that says {@code prompt} whenever it reads. */
  public static FakeBoard atShell(
      Recording recording, Supplier<String> prompt, Function<String, Reply> commands) {
    return new FakeBoard(recording, BoardOutput.clean(recording), true, prompt, commands);
  }

  static FakeBoard at(
      boolean shell, Recording recording, BoardOutput output, Function<String, Reply> commands) {
    return new FakeBoard(recording, output, shell, () -> "~ # ", commands);
  }

  /** Loses the typed characters, counted from 0, for which {@code which} holds. */
  FakeBoard losing(IntPredicate which) {
    lost = which;
    return this;
  }

  /** Types over a wire with this fault. */
  FakeBoard hearing(Fault typing) {
    fault = typing;
    return this;
  }

  /** The shell was started anew and knows no functions. */
  void forgetFunctions() {
    functions.clear();
  }

  /** How many characters were typed so far. */
  long heard() {
    return heard;
  }

  @Override
  public void write(byte[] bytes) {
    recording.typed(bytes);
    for (byte b : fault.of(bytes, heard)) {
      if (!lost.test(typed++)) {
        type((char) (b & 0xff));
      }
    }
    heard += bytes.length;
  }

  private void type(char c) {
    switch (c) {
      case '\r', '\n' -> {
        say("\r\n");
        String entered = line.toString();
        line.setLength(0);
        enter(entered);
        prompt();
      }
      case 0x15 -> {
        say("\b \b".repeat(line.length()));
        line.setLength(0);
      }
      case 0x03 -> {
        say(shell ? "^C\r\n" : "<INTERRUPT>\r\n");
        line.setLength(0);
        unclosed = "";
        repeated = "";
        prompt();
      }
      case 0x7f, '\b' -> {
        if (!line.isEmpty()) {
          line.setLength(line.length() - 1);
          say("\b \b");
        }
      }
      default -> {
        if (shell && (c == 0x11 || c == 0x13)) {
          isStopped = c == 0x13;
          say("");
        } else if (shell && c < 0x20) {
          say("\u0007");
        } else {
          line.append(c);
          say(String.valueOf(c));
        }
      }
    }
  }

  private void prompt() {
    say(unclosed.isEmpty() ? shell ? shellPrompt.get() + "\u001b[6n" : "=> " : "> ");
  }

  private void enter(String entered) {
    String whole = unclosed + entered;
    Optional<List<String>> words = words(whole);
    if (words.isEmpty()) {
      unclosed = whole + '\n';
      return;
    }
    unclosed = "";
    if (shell) {
      enterInShell(whole, words.get());
    } else {
      enterAtUBoot(whole.isEmpty() ? repeated : whole);
    }
  }

  private void enterAtUBoot(String entered) {
    Matcher command = U_BOOT.matcher(entered);
    if (command.matches()) {
      Reply reply = commands.apply(command.group(1));
      result = command.group(2) + ":" + reply.exitCode();
      repeated = "";
      print(reply.output() + "BR:" + result + ":" + result + "\n");
    } else if (entered.matches("echo BR:\\$br:\\$br *")) {
      repeated = entered;
      print("BR:" + result + ":" + result + "\n");
    } else if (!entered.isEmpty()) {
      repeated = entered;
      print(commands.apply(entered).output());
    }
  }

  private void enterInShell(String entered, List<String> words) {
    if (ShellPrompt.FUNCTIONS.stream().anyMatch(f -> f.strip().equals(entered.strip()))) {
      functions.add(entered.strip());
    } else if (entered.isBlank()) {
      return;
    } else if (!words.getFirst().equals("_br")) {
      print(commands.apply(entered).output());
    } else if (functions.size() < ShellPrompt.FUNCTIONS.size()) {
      print("-sh: _br: not found\n");
    } else if (words.get(1).equals(token)) {
      print("\nBR:" + token + ":B\n" + result);
    } else if (words.size() == 4 && words.get(3).equals(".")) {
      token = words.get(1);
      Reply reply = commands.apply(words.get(2));
      byte[] bytes = reply.output().getBytes(StandardCharsets.ISO_8859_1);
      String code = "E:" + reply.exitCode();
      result =
          "%s\nBR:%s:%s:%s  - %d:%s.\n"
              .formatted(reply.output(), token, code, OutputProof.md5(bytes), bytes.length, code);
      print("\nBR:" + token + ":B\n" + result);
    }
  }

  /** The words of a line; none if a quotation is not closed. */
  private static Optional<List<String>> words(String line) {
    List<String> words = new ArrayList<>();
    var word = new StringBuilder();
    boolean begun = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0 ? c == quote : c == '\'' || c == '"') {
        quote = quote != 0 ? 0 : c;
        begun = true;
      } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
        begun = true;
      } else if (quote != 0 || (c != ' ' && c != '\n')) {
        word.append(c);
        begun = true;
      } else if (begun) {
        words.add(word.toString());
        word.setLength(0);
        begun = false;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return quote == 0 ? Optional.of(words) : Optional.empty();
  }

  private void print(String text) {
    say(text.replace("\n", "\r\n"));
  }

  private void say(String text) {
    stopped.append(text);
    if (!isStopped) {
      output.say(stopped.toString());
      stopped.setLength(0);
    }
  }
}
