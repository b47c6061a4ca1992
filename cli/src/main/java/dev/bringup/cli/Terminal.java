package dev.bringup.cli;

/** What the process's standard streams are, and how they may be written to. */
final class Terminal {
  private static final int DEFAULT_WIDTH = 80;

  private Terminal() {}

  /** Whether standard error is shown to a person: progress is drawn only then. */
  static boolean interactive() {
    // The launcher looked: the JVM itself can only tell for both streams together.
    return Boolean.getBoolean("bringup.terminal") && understandsEscapes();
  }

  /** Whether a terminal, if there is one, takes more than characters. */
  static boolean understandsEscapes() {
    return !"dumb".equals(System.getenv("TERM"));
  }

  /**
   * Whether colours may be used on standard output: if it is a terminal, unless NO_COLOR
   * (no-color.org) is set.
   */
  static boolean colour() {
    String noColor = System.getenv("NO_COLOR");
    return Boolean.getBoolean("bringup.colour")
        && understandsEscapes()
        && (noColor == null || noColor.isEmpty());
  }

  /** Columns of the terminal at the time of the start. */
  static int width() {
    return Integer.getInteger("bringup.columns", DEFAULT_WIDTH);
  }
}
