package dev.bringup.emulator.aarch64.fp;

/** The rounding modes of the Arm ARM (type FPRounding). */
enum Rounding {
  TIES_TO_EVEN,
  TIES_AWAY,
  UP,
  DOWN,
  TO_ZERO,
  /** To zero, and an inexact result gets its last bit set: for a second rounding that follows. */
  TO_ODD;

  /**
   * Whether the magnitude goes up by one.
   *
   * @param odd the last bit that is kept
   * @param half the sign of what is cut off less one half
   * @param inexact whether anything is cut off
   */
  boolean increments(boolean negative, boolean odd, int half, boolean inexact) {
    return switch (this) {
      case TIES_TO_EVEN -> half > 0 || (half == 0 && odd);
      case TIES_AWAY -> half >= 0;
      case UP -> inexact && !negative;
      case DOWN -> inexact && negative;
      case TO_ZERO, TO_ODD -> false;
    };
  }

  boolean overflowsToInfinity(boolean negative) {
    return switch (this) {
      case TIES_TO_EVEN, TIES_AWAY -> true;
      case UP -> !negative;
      case DOWN -> negative;
      case TO_ZERO, TO_ODD -> false;
    };
  }
}
