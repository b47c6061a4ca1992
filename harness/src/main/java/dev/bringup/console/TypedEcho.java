package dev.bringup.console;

import java.nio.charset.StandardCharsets;

/** The echo of a line that is being typed. Belongs to one thread. */
final class TypedEcho {
  private final PromptLine prompt;
  private final ConsoleView view;
  private final long start;
  private String typed = "";

  TypedEcho(ConsoleWatcher watcher, Noise noise, PromptLine prompt) {
    this.prompt = prompt;
    this.start = watcher.recording().end();
    this.view = new ConsoleView(watcher, noise, start);
  }

  /** The offset at which the echo begins at the earliest. */
  long start() {
    return start;
  }

  /** From now on, this is all that was typed, in one char per byte. */
  void expect(String soFar) {
    typed = soFar;
  }

  /**
   * Waits until it is certain whether all that was typed was echoed.
   *
   * @return whether it was; false at the deadline
   */
  boolean await(long deadline) {
    view.await("the echo of \"" + typed + '"', _ -> end() >= 0 || isWrong(), deadline);
    return end() >= 0;
  }

  /** The offset behind the echo of all that was typed, or -1 if it is not complete. */
  long end() {
    // What is held back as a possible noise line counts: an echo may end in a bracket.
    int end = new Echo(came()).endOf(typed, prompt::isPrompt);
    if (end >= 0) {
      return view.filter().offsetOf(end - 1) + 1;
    }
    // What was typed may look like noise itself.
    end = new Echo(raw()).endOf(typed, prompt::isPrompt);
    return end >= 0 ? start + end : -1;
  }

  /** Whether what came is not how the echo begins. */
  boolean isWrong() {
    return !new Echo(view.text()).mayBecome(typed) && !new Echo(raw()).mayBecome(typed);
  }

  /** Whether characters are missing in what came, or doubled, and all else is right. */
  boolean hasLost() {
    return new Echo(came()).hasLost(typed);
  }

  /** What came, without noise. */
  String came() {
    return view.text() + view.filter().held();
  }

  private String raw() {
    byte[] raw = view.recording().bytes(start, view.filter().position());
    return new String(raw, StandardCharsets.ISO_8859_1);
  }
}
