package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import dev.bringup.verdict.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mark that a run makes in a recording, beside those of the board's owner, so that somebody who
 * has nothing but the recording knows what was going on.
 */
public sealed interface RunMark {

  /** A scenario of this name begins. */
  record ScenarioBegins(String name) implements RunMark {
    private static final Pattern TEXT = Pattern.compile("scenario \"(.*)\" begins", Pattern.DOTALL);

    @Override
    public String text() {
      return "scenario \"" + name + "\" begins";
    }
  }

  /** All steps of the scenario have ended. */
  record ScenarioEnds() implements RunMark {
    private static final String TEXT = "the scenario ends";

    @Override
    public String text() {
      return TEXT;
    }
  }

  /**
   * The board is in order and at this boot stage, where an earlier scenario left it.
   *
   * @param line what stands on the console's last line, such as a prompt; empty if nothing does
   */
  record AtStage(String stage, String line) implements RunMark {
    private static final int LONGEST = 128;
    private static final Pattern TEXT =
        Pattern.compile("the board is at ([^ ,]+)(?:, behind \"(.*)\")?");

    /** With the last line of {@code recording}, if it is short and printable. */
    public static AtStage of(String stage, Recording recording) {
      long end = recording.end();
      byte[] tail = recording.bytes(Math.max(0, end - LONGEST), end);
      int begin = tail.length;
      while (begin > 0 && tail[begin - 1] >= ' ' && tail[begin - 1] < 0x7f) {
        begin--;
      }
      boolean whole = begin > 0 && (tail[begin - 1] == '\n' || tail[begin - 1] == '\r');
      return new AtStage(
          stage,
          whole ? new String(tail, begin, tail.length - begin, StandardCharsets.US_ASCII) : "");
    }

    @Override
    public String text() {
      return "the board is at " + stage + (line.isEmpty() ? "" : ", behind \"" + line + '"');
    }
  }

  /** The board has a network with these addresses, in dotted form. */
  record Network(String server, String board) implements RunMark {
    private static final Pattern TEXT =
        Pattern.compile("network: server ([0-9.]+), board ([0-9.]+)");

    @Override
    public String text() {
      return "network: server " + server + ", board " + board;
    }
  }

  /**
   * A fault is going to be injected from now on.
   *
   * @param fault in words
   */
  record FaultArmed(String fault, long seed) implements RunMark {
    private static final Pattern TEXT =
        Pattern.compile("armed with seed (-?[0-9]{1,19}): (.*)", Pattern.DOTALL);

    @Override
    public String text() {
      return "armed with seed " + seed + ": " + fault;
    }
  }

  /** The faults that were {@link FaultArmed} are taken back. */
  record FaultsDisarmed() implements RunMark {
    private static final String TEXT = "no more faults are injected";

    @Override
    public String text() {
      return TEXT;
    }
  }

  /**
   * Something that a run did to the board failed, and not because of the board.
   *
   * @param begun whether the recording holds the deed as well, before this
   * @param message on one line
   * @param hint what to try next, on one line; null for none
   */
  record Failed(Deed deed, boolean begun, FailureKind kind, String message, @Nullable String hint)
      implements RunMark {
    private static final Pattern TEXT =
        Pattern.compile(
            "(typing|power on|power off|power reading) (failed|broke off), ([a-z]+): (.*?)"
                + "(?: \\(hint: (.*)\\))?");

    /** What was done. */
    public enum Deed {
      TYPING("typing"),
      POWER_ON("power on"),
      POWER_OFF("power off"),
      POWER_READING("power reading");

      private final String word;

      Deed(String word) {
        this.word = word;
      }

      private static Deed of(String word) {
        for (Deed deed : values()) {
          if (deed.word.equals(word)) {
            return deed;
          }
        }
        throw new IllegalStateException(word);
      }
    }

    /** What {@code failure} tells of the deed. */
    public static Failed of(Deed deed, boolean begun, BringupException failure) {
      return new Failed(
          deed,
          begun,
          failure.kind(),
          oneLine(String.valueOf(failure.getMessage())),
          failure.hint().map(Failed::oneLine).orElse(null));
    }

    private static String oneLine(String text) {
      return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    private static Optional<RunMark> read(Matcher text) {
      for (FailureKind kind : FailureKind.values()) {
        if (word(kind).equals(text.group(3))) {
          return Optional.of(
              new Failed(
                  Deed.of(text.group(1)),
                  text.group(2).equals("broke off"),
                  kind,
                  text.group(4),
                  text.group(5)));
        }
      }
      return Optional.empty();
    }

    private static String word(FailureKind kind) {
      return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String text() {
      return "%s %s, %s: %s%s"
          .formatted(
              deed.word,
              begun ? "broke off" : "failed",
              word(kind),
              message,
              hint == null ? "" : " (hint: " + hint + ")");
    }

    /** The same failure again. */
    public BringupException exception() {
      return new BringupException(kind, message, hint, null);
    }
  }

  /**
   * The switch does not say what it was told.
   *
   * @param state in words; {@link #NOTHING} if it could not be read, which {@link Failed} behind
   *     this tells
   * @param reading the number of this reading since the power was switched, from 1
   */
  record PowerReads(String state, int reading) implements RunMark {
    public static final String NOTHING = "nothing";

    private static final Pattern TEXT =
        Pattern.compile("the power reads as ([a-z]+), reading ([0-9]{1,9})");

    @Override
    public String text() {
      return "the power reads as %s, reading %d".formatted(state, reading);
    }
  }

  /**
   * What whoever types notes about it.
   *
   * @param text all of it
   */
  record AboutTyping(String text) implements RunMark {
    /** Begins the note that from now on less is typed at a time. */
    static final String SLOWED = "typing slowed to ";

    /** Begins the note that Xen has given its input to another console. */
    static final String INPUT = "input to ";

    private static boolean is(String mark) {
      return mark.equals(ConsoleEvent.Mark.TYPED_AGAIN)
          || mark.startsWith(SLOWED)
          || mark.startsWith(INPUT);
    }
  }

  /** The mark as it stands in the recording. */
  String text();

  /** What {@link #text} gave; empty for marks that others made. */
  static Optional<RunMark> of(ConsoleEvent event) {
    if (!(event instanceof ConsoleEvent.Mark mark)) {
      return Optional.empty();
    }
    String text = mark.text();
    Matcher scenario = ScenarioBegins.TEXT.matcher(text);
    if (scenario.matches()) {
      return Optional.of(new ScenarioBegins(scenario.group(1)));
    }
    Matcher stage = AtStage.TEXT.matcher(text);
    if (stage.matches()) {
      return Optional.of(
          new AtStage(stage.group(1), Objects.requireNonNullElse(stage.group(2), "")));
    }
    Matcher network = Network.TEXT.matcher(text);
    if (network.matches()) {
      return Optional.of(new Network(network.group(1), network.group(2)));
    }
    Matcher power = PowerReads.TEXT.matcher(text);
    if (power.matches()) {
      return Optional.of(new PowerReads(power.group(1), Integer.parseInt(power.group(2))));
    }
    if (text.equals(ScenarioEnds.TEXT)) {
      return Optional.of(new ScenarioEnds());
    }
    if (text.equals(FaultsDisarmed.TEXT)) {
      return Optional.of(new FaultsDisarmed());
    }
    if (AboutTyping.is(text)) {
      return Optional.of(new AboutTyping(text));
    }
    Matcher armed = FaultArmed.TEXT.matcher(text);
    if (armed.matches()) {
      try {
        return Optional.of(new FaultArmed(armed.group(2), Long.parseLong(armed.group(1))));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    Matcher failed = Failed.TEXT.matcher(text);
    return failed.matches() ? Failed.read(failed) : Optional.empty();
  }
}
