package dev.bringup.artifact;

import dev.bringup.verdict.BringupException;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * One exact Debian binary package.
 *
 * @param name such as {@code busybox-static}
 * @param version such as {@code 1:1.35.0-4+deb12u1+b1}
 * @param architecture such as {@code arm64}, or {@code all}
 */
public record DebianPackage(String name, String version, String architecture)
    implements Comparable<DebianPackage> {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]*");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+:~-]*");
  private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Comparator<DebianPackage> ORDER =
      Comparator.comparing(DebianPackage::version, DebianVersion.ORDER)
          .thenComparing(DebianPackage::name, DebianVersion.ORDER)
          .thenComparing(DebianPackage::architecture);

  /** Refuses what Debian Policy (sections 5.6.1, 5.6.8, 5.6.12) does not allow. */
  public DebianPackage {
    check("package name", name, NAME);
    check("version", version, VERSION);
    check("architecture", architecture, ARCHITECTURE);
  }

  private static void check(String what, String value, Pattern pattern) {
    if (value.length() > 200 || !pattern.matcher(value).matches()) {
      throw BringupException.infrastructure(
          "\"" + value + "\" is not a Debian " + what,
          "check where this package comes from; Debian Policy 5.6 says what is allowed");
    }
  }

  /** {@code NAME_VERSION_ARCHITECTURE}, with the colon of an epoch as apt writes it. */
  String fileName() {
    return name + "_" + version.replace(":", "%3a") + "_" + architecture;
  }

  /** Older versions first. */
  @Override
  public int compareTo(DebianPackage other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name + " " + version + " (" + architecture + ")";
  }
}
