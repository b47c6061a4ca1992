package dev.bringup.console;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words for the marks around commands, so that no output can guess them. Thread-safe. */
public final class MarkTokens implements Supplier<String> {
  /** As {@link UBootPrompt} and {@link ShellPrompt} type them. */
  private static final Pattern TYPED = Pattern.compile("(?:; br=|_br )([0-9a-f]{8})[: ]");

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

  /** The number behind the first word that was typed in {@code typed}. */
  public static OptionalInt firstIn(CharSequence typed) {
    Matcher matcher = TYPED.matcher(typed);
    return matcher.find()
        ? OptionalInt.of(Integer.parseUnsignedInt(matcher.group(1), 16))
        : OptionalInt.empty();
  }
}
