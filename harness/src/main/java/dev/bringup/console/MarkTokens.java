package dev.bringup.console;

import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/** Words for the marks around commands, so that no output can guess them. Thread-safe. */
public final class MarkTokens implements Supplier<String> {
  private final Random random;

  /**
   * @param random {@link java.security.SecureRandom} for real boards, a seeded one in tests
   */
  public MarkTokens(Random random) {
    this.random = random;
  }

  /** Eight hexadecimal digits. */
  @Override
  public String get() {
    return String.format(Locale.ROOT, "%08x", random.nextInt());
  }
}
