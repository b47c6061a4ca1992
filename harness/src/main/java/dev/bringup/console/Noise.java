package dev.bringup.console;

import dev.bringup.verdict.BringupException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What lines look like that a kernel or hypervisor prints whenever it likes, in the midst of
 * whatever else is on the line: regular expressions for how they begin. Such a line reaches to its
 * line end. Immutable.
 */
public final class Noise {
  /** A beginning that is longer than this does not count. */
  static final int LONGEST_START = 128;

  private static final Noise NONE = new Noise(List.of());

  /**
   * Linux's time stamp with or without the caller (printk.time, CONFIG_PRINTK_CALLER), Xen's own
   * lines and those of domains behind Xen's console.
   */
  private static final Noise USUAL =
      of(
          List.of(
              "\\[ *[0-9]+\\.[0-9]{6}\\](?:\\[ *[TC][0-9]+\\])? ", "\\(XEN\\) ", "\\(d[0-9]+\\) "));

  private final List<Pattern> starts;
  private final boolean[] mayStart = new boolean[256];

  private Noise(List<Pattern> starts) {
    this.starts = starts;
    byte[] one = new byte[1];
    for (int b = 0; b < 256; b++) {
      one[0] = (byte) b;
      mayStart[b] = judge(one, 0, 1) != Verdict.TEXT;
    }
  }

  /** No noise: the console carries one voice only. */
  public static Noise none() {
    return NONE;
  }

  /** Lines of Linux and Xen. */
  public static Noise usual() {
    return USUAL;
  }

  /**
   * Lines that begin as one of {@code starts}.
   *
   * @throws BringupException (configuration) if one is no regular expression or matches nothing at
   *     all
   */
  public static Noise of(List<String> starts) {
    List<Pattern> compiled = new ArrayList<>();
    for (String start : starts) {
      try {
        Pattern pattern = RegexBytes.compile(start);
        if (pattern.matcher("").lookingAt()) {
          throw BringupException.configuration("noise \"" + start + "\" matches the empty text");
        }
        compiled.add(pattern);
      } catch (PatternSyntaxException e) {
        throw BringupException.configuration("noise \"" + start + "\": " + e.getDescription());
      }
    }
    return new Noise(List.copyOf(compiled));
  }

  enum Verdict {
    NOISE,
    TEXT,
    UNDECIDED
  }

  boolean mayStartWith(byte b) {
    return mayStart[b & 0xff];
  }

  /** Whether noise begins at {@code from}, by the bytes up to {@code end}. */
  Verdict judge(byte[] bytes, int from, int end) {
    var verdict = Verdict.TEXT;
    for (Pattern start : starts) {
      Matcher matcher = start.matcher(new RegexBytes.Text(bytes, end)).region(from, end);
      boolean found = matcher.lookingAt();
      if (found && !RegexBytes.mayBeUndone(matcher)) {
        return Verdict.NOISE;
      }
      if (RegexBytes.wantsMore(matcher)) {
        verdict = Verdict.UNDECIDED;
      }
    }
    return verdict;
  }
}
