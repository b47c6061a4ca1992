package dev.bringup.console;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the beginnings of lines on a UART that Xen owns say about who speaks. Pure; once something
 * is decided, no further byte changes it.
 *
 * <p>Xen begins its own lines with {@code (XEN) }, lines of a domain's emulated PL011 with {@code
 * (XEN) DOM1: }, and what a domain prints by hypercall with {@code (d1) }. dom0 writes without any
 * beginning. The guest that has the input writes behind {@code (XEN) } without its name. Xen's
 * option {@code console_timestamps} puts a time stamp in brackets behind {@code (XEN) }. From
 * consoles of Xen 4.17; the sources are xen/drivers/char/console.c and xen/arch/arm/vpl011.c.
 */
final class XenFraming {
  enum Kind {
    /** No beginning of a line. */
    TEXT,
    /** More bytes are needed to tell. */
    UNDECIDED,
    /** Xen, or the guest that has the input. */
    SOMEBODY,
    /** Xen and nobody else. */
    XEN,
    /** Xen has just started: nothing that was before counts. */
    BANNER,
    /** Xen says that a domain gets the input. */
    INPUT_TO_DOMAIN,
    /** Xen says that it takes the input itself. */
    INPUT_TO_XEN,
    /** A line of a domain's PL011. */
    PL011,
    /** A line that a domain printed by hypercall. */
    HYPERCALL
  }

  /**
   * @param domain that speaks or gets the input, -1 where none is named
   * @param bare whether it began without {@code (XEN) }
   * @param framing how many bytes are nobody's text
   * @param text how many bytes behind them were looked at and are text
   */
  record Found(Kind kind, int domain, boolean bare, int framing, int text) {
    private static final Found TEXT = new Found(Kind.TEXT, -1, false, 0, 0);
    private static final Found UNDECIDED = new Found(Kind.UNDECIDED, -1, false, 0, 0);
  }

  private static final int PREFIX = "(XEN) ".length();

  /** Nothing that is undecided is longer. */
  private static final int LONGEST = 128;

  /** Groups: domain of a PL011, new owner of the input, its number, Xen's banner, Xen's other. */
  private static final String KNOWN =
      "(?:DOM(\\d{1,5}): "
          + "|(\\*\\*\\* Serial input to (?:DOM(\\d{1,5})|Xen)(?=[^0-9A-Za-z]))"
          + "|(Xen version )"
          + "|(\\*\\*\\* Dumping |Panic on CPU \\d|d\\d{1,5}(?:v\\d{1,5})?: ))";

  private static final Pattern PREFIXED =
      Pattern.compile("\\(XEN\\) (?:(?:\\[[^\\]\\r\\n]{1,38}\\] )?" + KNOWN + ")?");

  private static final Pattern BARE = Pattern.compile(KNOWN);

  private static final Pattern BY_HYPERCALL = Pattern.compile("\\(d(\\d{1,5})\\) ");

  private XenFraming() {}

  /** Whether {@link #judge} may find something that begins with {@code b}. */
  static boolean mayStart(byte b, boolean bare) {
    return b == '(' || (bare && (b == 'D' || b == '*'));
  }

  /**
   * What begins at {@code from}, by the bytes up to {@code end}.
   *
   * @param hypercalls whether lines that domains print by hypercall may begin here
   * @param bare whether {@code (XEN) } may be missing: each processor of Xen leaves it out behind a
   *     line that it has not ended
   */
  static Found judge(byte[] bytes, int from, int end, boolean hypercalls, boolean bare) {
    boolean bracket = bytes[from] == '(';
    if (!bracket && !bare) {
      return Found.TEXT;
    }
    if (end == from + 1) {
      return Found.UNDECIDED;
    }
    return switch (bytes[from + 1]) {
      case 'X' -> bracket ? known(PREFIXED, PREFIX, bytes, from, end) : Found.TEXT;
      case 'd' -> bracket && hypercalls ? byHypercall(bytes, from, end) : Found.TEXT;
      case 'O', '*' -> bracket ? Found.TEXT : known(BARE, 0, bytes, from, end);
      default -> Found.TEXT;
    };
  }

  /** Whether it is not clear yet whose the last of {@code text} up to {@code to} is. */
  static boolean isHeldBack(String text, int to) {
    byte[] bytes =
        text.substring(Math.max(0, to - LONGEST), to).getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (mayStart(bytes[i], true)
          && judge(bytes, i, bytes.length, true, true).kind() == Kind.UNDECIDED) {
        return true;
      }
    }
    return false;
  }

  private static Found known(Pattern pattern, int prefix, byte[] bytes, int from, int end) {
    Matcher matcher = matcher(pattern, bytes, from, end);
    boolean found = matcher.lookingAt();
    if (RegexBytes.wantsMore(matcher)) {
      return Found.UNDECIDED;
    }
    if (!found) {
      return Found.TEXT;
    }
    int length = matcher.end() - from;
    boolean bare = prefix == 0;
    if (matcher.start(1) >= 0) {
      return new Found(Kind.PL011, number(matcher, 1), bare, length, 0);
    }
    if (matcher.start(3) >= 0) {
      return new Found(Kind.INPUT_TO_DOMAIN, number(matcher, 3), bare, prefix, length - prefix);
    }
    Kind kind =
        matcher.start(2) >= 0
            ? Kind.INPUT_TO_XEN
            : matcher.start(4) >= 0
                ? Kind.BANNER
                : matcher.start(5) >= 0 ? Kind.XEN : Kind.SOMEBODY;
    return new Found(kind, -1, bare, prefix, length - prefix);
  }

  private static Found byHypercall(byte[] bytes, int from, int end) {
    Matcher matcher = matcher(BY_HYPERCALL, bytes, from, end);
    if (matcher.lookingAt()) {
      return new Found(Kind.HYPERCALL, number(matcher, 1), false, matcher.end() - from, 0);
    }
    return RegexBytes.wantsMore(matcher) ? Found.UNDECIDED : Found.TEXT;
  }

  private static Matcher matcher(Pattern pattern, byte[] bytes, int from, int end) {
    return pattern.matcher(new RegexBytes.Text(bytes, end)).region(from, end);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }
}
