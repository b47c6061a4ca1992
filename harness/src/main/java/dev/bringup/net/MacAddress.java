package dev.bringup.net;

import dev.bringup.verdict.BringupException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An Ethernet address (EUI-48).
 *
 * @param bits the six bytes, first byte on the wire in bits 47 to 40
 */
public record MacAddress(long bits) {
  static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
  static final int BYTES = 6;
  private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}");

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw BringupException.configuration("an Ethernet address has 48 bits");
    }
  }

  /**
   * Reads {@code 52:54:00:12:34:56}.
   *
   * @throws BringupException (configuration) for any other form
   */
  public static MacAddress parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw BringupException.configuration(
          "\"" + text + "\" is not an Ethernet address such as 52:54:00:12:34:56");
    }
    return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
  }

  static MacAddress get(ByteBuffer in, int at) {
    return new MacAddress(
        (long) (in.getShort(at) & 0xffff) << 32 | (in.getInt(at + 2) & 0xffff_ffffL));
  }

  void put(ByteBuffer out, int at) {
    out.putShort(at, (short) (bits >>> 32)).putInt(at + 2, (int) bits);
  }

  /** Whether a frame to this address may be for more than one station. */
  boolean isGroup() {
    return (bits >>> 40 & 1) != 0;
  }

  @Override
  public String toString() {
    String hex = HexFormat.of().toHexDigits(bits, 12);
    return hex.replaceAll("(..)(?!$)", "$1:");
  }
}
