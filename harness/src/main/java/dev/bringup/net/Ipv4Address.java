package dev.bringup.net;

import dev.bringup.verdict.BringupException;
import java.util.regex.Pattern;

/**
 * An IPv4 address.
 *
 * @param bits the four bytes, first byte on the wire in the highest bits
 */
public record Ipv4Address(int bits) implements Comparable<Ipv4Address> {
  static final Ipv4Address ANY = new Ipv4Address(0);
  static final Ipv4Address BROADCAST = new Ipv4Address(-1);
  private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern TEXT = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");

  /**
   * Reads dotted decimal, four numbers from 0 to 255 without leading zeros.
   *
   * @throws BringupException (configuration) for any other form
   */
  public static Ipv4Address parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw BringupException.configuration(
          "\"" + text + "\" is not an IPv4 address such as 192.168.76.2");
    }
    int bits = 0;
    for (String part : text.split("\\.")) {
      bits = bits << 8 | Integer.parseInt(part);
    }
    return new Ipv4Address(bits);
  }

  /** The address {@code distance} after this one. */
  Ipv4Address plus(int distance) {
    return new Ipv4Address(bits + distance);
  }

  @Override
  public int compareTo(Ipv4Address other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
