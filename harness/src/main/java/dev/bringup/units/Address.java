package dev.bringup.units;

import java.util.regex.Pattern;

/**
 * A physical address, such as {@code 0x40200000}.
 *
 * @param value all 64 bits are used; compare as unsigned
 */
public record Address(long value) implements Comparable<Address> {
  private static final Pattern FORM = Pattern.compile("0[xX][0-9a-fA-F](?:_?[0-9a-fA-F]){0,15}");
  private static final String RULE =
      "is not an address; write 0x and 1 to 16 hexadecimal digits, such as 0x40200000";

  /**
   * Reads {@code 0x40200000} or {@code 0x4020_0000}. Without 0x nobody could tell hexadecimal
   * digits, as U-Boot takes them, from decimal ones, so that is refused.
   *
   * @throws QuantityException if it is anything else
   */
  public static Address parse(String text) {
    if (text.length() > QuantityException.MAX_LENGTH || !FORM.matcher(text).matches()) {
      throw new QuantityException(text, RULE);
    }
    return new Address(Long.parseUnsignedLong(text.substring(2).replace("_", ""), 16));
  }

  /** The address {@code size} further up. Wraps at 2<sup>64</sup>. */
  public Address plus(ByteSize size) {
    return new Address(value + size.bytes());
  }

  /** The digits without 0x, as U-Boot's commands take them. */
  public String hex() {
    return Long.toHexString(value);
  }

  @Override
  public int compareTo(Address other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** The address with 0x, in lower case. */
  @Override
  public String toString() {
    return "0x" + hex();
  }
}
