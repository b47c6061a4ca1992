package dev.bringup.board;

/** What the console shows when a stage is reached or something is wrong. */
public sealed interface Mark {

  /** A mark that the console's text shows by itself. */
  sealed interface InText extends Mark {}

  /** This text. */
  record Literal(String text) implements InText {}

  /**
   * A text that this expression finds.
   *
   * @param regex a valid expression for {@link java.util.regex.Pattern}, in which ^ and $ are meant
   *     as ends of a line (MULTILINE); never one that matches the empty text
   */
  record Regex(String regex) implements InText {}

  /** The bootloader's prompt. */
  record Prompt() implements Mark {}
}
