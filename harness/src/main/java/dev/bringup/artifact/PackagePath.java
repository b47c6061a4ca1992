package dev.bringup.artifact;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths inside packages and images: relative, with slashes, never upwards. */
final class PackagePath {
  private static final int LONGEST = 4096;

  private PackagePath() {}

  /**
   * {@code ./usr/bin/../x} as a plain relative path, or empty if it is not allowed: it goes
   * upwards, is absolute, or contains a control character. The root itself is "".
   */
  static Optional<String> clean(String path) {
    if (path.startsWith("/") || path.length() > LONGEST) {
      return Optional.empty();
    }
    StringBuilder clean = new StringBuilder();
    for (String part : path.split("/", -1)) {
      if (part.equals("..") || part.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        return Optional.empty();
      }
      if (!part.isEmpty() && !part.equals(".")) {
        clean.append(clean.isEmpty() ? "" : "/").append(part);
      }
    }
    return Optional.of(clean.toString());
  }

  /** {@code /lib/x} as {@code lib/x}, or empty if it is not an absolute path that is allowed. */
  static Optional<String> cleanAbsolute(String path) {
    return path.startsWith("/") ? clean(path.replaceFirst("^/+", "")) : Optional.empty();
  }

  /**
   * Where the link {@code link} with {@code target} leads; never above the root, as in a chroot.
   */
  static String follow(String link, String target) {
    Deque<String> parts = new ArrayDeque<>();
    String whole = target.startsWith("/") ? target : parent(link) + "/" + target;
    for (String part : whole.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** The folder of {@code path}; "" for the root. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** The last part of {@code path}. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A pattern in which {@code *} stands for any run of characters except a slash. */
  static Pattern glob(String glob) {
    return pattern(glob, "\\*");
  }

  /** As {@link #glob}, for names of packages, in which {@code #} stands for a number as well. */
  static Pattern nameGlob(String glob) {
    return pattern(glob, "[*#]");
  }

  private static Pattern pattern(String glob, String wild) {
    StringBuilder regex = new StringBuilder();
    Matcher next = Pattern.compile(wild).matcher(glob);
    int from = 0;
    while (next.find()) {
      regex.append(Pattern.quote(glob.substring(from, next.start())));
      regex.append(next.group().equals("#") ? "[0-9]+" : "[^/]*");
      from = next.end();
    }
    return Pattern.compile(regex + Pattern.quote(glob.substring(from)));
  }
}
