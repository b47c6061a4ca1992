package dev.bringup.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A named value of a device tree node; immutable. */
public final class DeviceTreeProperty {
  private final String name;
  private final byte[] value;

  DeviceTreeProperty(String name, byte[] value) {
    this.name = name;
    this.value = value.clone();
  }

  public String name() {
    return name;
  }

  /** A copy of the raw value. */
  public byte[] bytes() {
    return value.clone();
  }

  /** Size of the value in bytes. */
  public int size() {
    return value.length;
  }

  /** The first string of the value, without its end; empty for an empty value. */
  public String string() {
    return new String(value, 0, endOfString(0), StandardCharsets.UTF_8);
  }

  /** The value as a list of strings, each ended by a zero byte. */
  public List<String> strings() {
    List<String> strings = new ArrayList<>();
    for (int at = 0; at < value.length; ) {
      int end = endOfString(at);
      strings.add(new String(value, at, end - at, StandardCharsets.UTF_8));
      at = end + 1;
    }
    return List.copyOf(strings);
  }

  /** Whether the value can only sensibly be read as strings: printable and ended by a zero. */
  public boolean isText() {
    if (value.length == 0 || value[value.length - 1] != 0 || value[0] == 0) {
      return false;
    }
    for (int i = 0; i < value.length; i++) {
      boolean end = value[i] == 0 && value[i - 1] != 0;
      if (!end && (value[i] < ' ' || value[i] > '~')) {
        return false;
      }
    }
    return true;
  }

  /**
   * The value as big-endian 32-bit cells.
   *
   * @throws ImageFormatException if its size is not a multiple of four
   */
  public List<Integer> cells() {
    if (value.length % 4 != 0) {
      throw new ImageFormatException(
          "device tree property " + ImageBytes.printable(name),
          value.length,
          "%d bytes are not a list of cells".formatted(value.length),
          "a multiple of 4 bytes");
    }
    List<Integer> cells = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(value);
    while (buffer.hasRemaining()) {
      cells.add(buffer.getInt());
    }
    return List.copyOf(cells);
  }

  private int endOfString(int from) {
    int end = from;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    return end;
  }
}
