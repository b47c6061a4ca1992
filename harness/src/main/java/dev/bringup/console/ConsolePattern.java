package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.nio.charset.StandardCharsets;
import java.util.regex.PatternSyntaxException;

/**
 * Something to look for in what a console says. Immutable.
 *
 * <p>A literal matches as soon as its last byte is there. A regular expression is matched against
 * one line at a time, without its line end, and counts where it becomes certain: where no further
 * byte could change the match, at the latest at the end of the line. So prompts, which no line end
 * follows, are literals, and {@code version (\S+)} is certain one byte behind the version.
 */
public sealed interface ConsolePattern {
  /** What people call it: "U-Boot prompt", "kernel panic". */
  String name();

  /**
   * A text as it is, in UTF-8.
   *
   * @param atLineStart whether it counts only behind a line feed, a carriage return or nothing
   */
  record Literal(String name, String text, boolean atLineStart) implements ConsolePattern {
    public Literal {
      if (text.isEmpty()) {
        throw BringupException.configuration("pattern \"" + name + "\" is empty");
      }
      if (atLineStart && text.indexOf('\n') >= 0) {
        throw BringupException.configuration(
            "pattern \"" + name + "\" is for the start of a line and has a line feed itself");
      }
    }

    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * A regular expression in the syntax of {@link java.util.regex.Pattern} for part of one line;
   * {@code ^} and {@code $} are the line's bounds. Characters beyond ASCII stand for their UTF-8
   * bytes and cannot be in a character class. Of a line longer than 64 KiB, only stretches of at
   * least 32 KiB are seen together.
   */
  record Regex(String name, String syntax, java.util.regex.Pattern compiled)
      implements ConsolePattern {}

  /** A text, anywhere. */
  static ConsolePattern literal(String text) {
    return new Literal(text, text, false);
  }

  /** A text, anywhere. */
  static ConsolePattern literal(String name, String text) {
    return new Literal(name, text, false);
  }

  /** A text at the start of a line, without a line feed: a prompt. */
  static ConsolePattern prompt(String name, String text) {
    return new Literal(name, text, true);
  }

  /** A regular expression within a line. */
  static ConsolePattern regex(String syntax) {
    return regex(syntax, syntax);
  }

  /**
   * A regular expression within a line.
   *
   * @throws BringupException (configuration) if the syntax is wrong
   */
  static ConsolePattern regex(String name, String syntax) {
    try {
      return new Regex(name, syntax, RegexBytes.compile(syntax));
    } catch (PatternSyntaxException e) {
      throw BringupException.configuration(
          "pattern \""
              + name
              + "\": "
              + e.getDescription()
              + " at character "
              + (e.getIndex() + 1)
              + " of "
              + syntax);
    }
  }
}
