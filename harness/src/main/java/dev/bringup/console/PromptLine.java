package dev.bringup.console;

/** What whoever types at a prompt must know about it. */
interface PromptLine {
  /**
   * Whether {@code text} ends with the prompt.
   *
   * @param text as {@link Echo#text}
   */
  boolean isPrompt(String text);

  /**
   * Whether the board has run the part of a line that it got, because a character of it came there
   * as Enter.
   *
   * @param came what came instead of the rest of the echo, without noise
   */
  boolean hasRun(CharSequence came);

  /**
   * Takes back what was typed, so that the line is empty.
   *
   * @param attempt how often that was done for this line before, from 1
   */
  void takeBack(int attempt, long deadline);
}
