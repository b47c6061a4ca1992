package dev.bringup.emulator.fuzz;

/** Takes values out of bytes; behind the last there are zeros. */
final class Bytes {
  private final byte[] bytes;
  private int at;

  Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean isEmpty() {
    return at >= bytes.length;
  }

  int one() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }

  int two() {
    return one() | one() << 8;
  }

  int four() {
    return two() | two() << 16;
  }

  long eight() {
    return (four() & 0xffff_ffffL) | (long) four() << 32;
  }

  /** 64 bits, often such at which arithmetic or an address goes wrong. */
  long value() {
    int kind = one();
    return switch (kind & 7) {
      case 0 -> eight();
      case 1 -> 1L << (kind >>> 3) << (one() & 63);
      case 2 -> -1L << (one() & 63);
      case 3 -> -1L >>> (one() & 63);
      case 4 -> kind >>> 3;
      case 5 -> -(kind >>> 3) - 1L;
      case 6 -> FuzzedMachine.RAM + two() * 0x40L;
      default -> four() & 0xffff_ffffL;
    };
  }

  byte[] some(int count) {
    var some = new byte[count];
    for (int i = 0; i < count; i++) {
      some[i] = (byte) one();
    }
    return some;
  }
}
