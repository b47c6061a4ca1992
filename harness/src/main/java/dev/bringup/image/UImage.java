package dev.bringup.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * U-Boot's legacy image: a 64 byte big-endian header and data (U-Boot, include/image.h). Immutable.
 *
 * <p>Addresses are 32 bit, so the format cannot state one above 4 GiB.
 */
public final class UImage {
  /** The first four bytes. */
  static final int MAGIC = 0x27051956;

  /** Size of the header in bytes. */
  public static final int HEADER_SIZE = 64;

  private static final String FORMAT = "uImage";
  private static final int NAME_SIZE = 32;

  /** Numbers of image types that this header is used for. */
  public enum Type {
    STANDALONE(1),
    KERNEL(2),
    RAMDISK(3),
    MULTI(4),
    FIRMWARE(5),
    SCRIPT(6),
    FILESYSTEM(7),
    FLAT_DEVICE_TREE(8),
    KERNEL_NOLOAD(14);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  /**
   * What the header states beside sizes and checksums. Numbers are U-Boot's append-only lists.
   *
   * @param time creation time; whole seconds from 1970 to 2106
   * @param load physical load address, 0 to 2^32 - 1
   * @param entry physical entry point, 0 to 2^32 - 1
   * @param os operating system, 5 is Linux, 17 is firmware
   * @param architecture 22 is arm64
   * @param type image type, see {@link Type}
   * @param compression 0 none, 1 gzip, 2 bzip2, 3 lzma, 4 lzo, 5 lz4, 6 zstd
   * @param name at most 32 bytes; one character is one byte
   */
  public record Header(
      Instant time,
      long load,
      long entry,
      int os,
      int architecture,
      int type,
      int compression,
      String name) {
    public Header {
      require32(time.getEpochSecond(), "time");
      require32(load, "load address");
      require32(entry, "entry point");
      for (int number : new int[] {os, architecture, type, compression}) {
        if (number < 0 || number > 255) {
          throw new IllegalArgumentException("not a number of one byte: " + number);
        }
      }
      if (name.length() > NAME_SIZE || name.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("uImage name longer than 32 bytes or with a zero");
      }
    }

    /** An uncompressed arm64 Linux image. */
    public static Header arm64(Type type, Instant time, long load, long entry, String name) {
      return new Header(time, load, entry, 5, 22, type.number(), 0, name);
    }

    private static void require32(long value, String what) {
      if (value < 0 || value > 0xffff_ffffL) {
        throw new IllegalArgumentException(
            "uImage %s 0x%x does not fit 32 bits".formatted(what, value));
      }
    }
  }

  private static final Map<Integer, String> SYSTEMS =
      Map.of(5, "Linux", 17, "firmware", 25, "Arm Trusted Firmware", 26, "TEE", 27, "OpenSBI");
  private static final Map<Integer, String> ARCHITECTURES =
      Map.of(
          2, "arm", 3, "x86", 5, "mips", 7, "powerpc", 19, "sandbox", 22, "arm64", 24, "x86_64", 26,
          "riscv");
  private static final Map<Integer, String> COMPRESSIONS =
      Map.of(0, "none", 1, "gzip", 2, "bzip2", 3, "lzma", 4, "lzo", 5, "lz4", 6, "zstd");

  private final Header header;
  private final byte[] data;

  public UImage(Header header, byte[] data) {
    this.header = header;
    this.data = data.clone();
  }

  /**
   * A script for U-Boot's {@code source}: arm64, load and entry address 0, no name.
   *
   * @param text the commands; ASCII
   * @param time the header's time; fixed by the caller so that equal scripts are equal files
   */
  public static UImage script(String text, Instant time) {
    byte[] body = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer data = ByteBuffer.allocate(8 + body.length);
    data.putInt(body.length).putInt(0).put(body);
    return new UImage(Header.arm64(Type.SCRIPT, time, 0, 0, ""), data.array());
  }

  /**
   * Reads header and data and checks both checksums; bytes behind the data are ignored.
   *
   * @throws ImageFormatException naming the check that failed
   */
  public static UImage read(byte[] image) {
    ImageBytes in = new ImageBytes(FORMAT, image);
    if (in.be32(0, "the magic number") != MAGIC) {
      throw in.wrong(0, "wrong magic number 0x%08x".formatted(in.be32(0, "")), "0x27051956");
    }
    byte[] head = in.slice(0, HEADER_SIZE, "the header");
    int stated = in.be32(4, "");
    ByteBuffer.wrap(head).putInt(4, 0);
    int headerCrc = ImageBytes.crc32(head, 0, HEADER_SIZE);
    if (headerCrc != stated) {
      throw in.wrong(4, "wrong header checksum 0x%08x".formatted(stated), hex(headerCrc));
    }
    long size = in.be32(12, "") & 0xffff_ffffL;
    byte[] data = in.slice(HEADER_SIZE, size, "the data of %d bytes".formatted(size));
    int dataCrc = ImageBytes.crc32(data, 0, data.length);
    if (dataCrc != in.be32(24, "")) {
      throw in.wrong(24, "wrong data checksum 0x%08x".formatted(in.be32(24, "")), hex(dataCrc));
    }
    Header header =
        new Header(
            Instant.ofEpochSecond(in.be32(8, "") & 0xffff_ffffL),
            in.be32(16, "") & 0xffff_ffffL,
            in.be32(20, "") & 0xffff_ffffL,
            in.u8(28, ""),
            in.u8(29, ""),
            in.u8(30, ""),
            in.u8(31, ""),
            ImageBytes.zeroEnded(in.slice(32, NAME_SIZE, "")));
    return new UImage(header, data);
  }

  public Header header() {
    return header;
  }

  /** A copy of what follows the header. */
  public byte[] data() {
    return data.clone();
  }

  /** The whole image; equal content gives equal bytes. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(HEADER_SIZE + data.length);
    out.putInt(MAGIC).putInt(0).putInt((int) header.time().getEpochSecond()).putInt(data.length);
    out.putInt((int) header.load()).putInt((int) header.entry());
    out.putInt(ImageBytes.crc32(data, 0, data.length));
    out.put((byte) header.os()).put((byte) header.architecture());
    out.put((byte) header.type()).put((byte) header.compression());
    out.put(header.name().getBytes(StandardCharsets.ISO_8859_1));
    out.putInt(4, ImageBytes.crc32(out.array(), 0, HEADER_SIZE));
    return out.put(HEADER_SIZE, data).array();
  }

  /**
   * The parts of a script or multi-file image, taken apart by the table of lengths at its start.
   *
   * @throws ImageFormatException if the table has no end or the parts do not fit the data
   */
  public List<byte[]> parts() {
    ImageBytes in = new ImageBytes(FORMAT + " data", data);
    List<Long> sizes = new ArrayList<>();
    int at = 0;
    for (long size = word(in, at); size != 0; size = word(in, at)) {
      sizes.add(size);
      at += 4;
    }
    long start = at + 4L;
    List<byte[]> parts = new ArrayList<>();
    for (long size : sizes) {
      parts.add(in.slice(start, size, "part %d".formatted(parts.size() + 1)));
      start += (size + 3) & ~3L;
    }
    return parts;
  }

  private static long word(ImageBytes in, int at) {
    return in.be32(at, "the table of lengths") & 0xffff_ffffL;
  }

  /**
   * The commands of a script image.
   *
   * @throws ImageFormatException if it is of another type or its table of lengths is wrong
   */
  public String scriptText() {
    ImageBytes in = new ImageBytes(FORMAT, encode());
    if (header.type() != Type.SCRIPT.number()) {
      throw in.wrong(30, "the type is " + typeName(), "6 (script)");
    }
    List<byte[]> parts = parts();
    if (parts.isEmpty()) {
      throw in.wrong(HEADER_SIZE, "an empty script", "the length of the text");
    }
    return new String(parts.getFirst(), StandardCharsets.ISO_8859_1);
  }

  String systemName() {
    return SYSTEMS.getOrDefault(header.os(), "number " + header.os());
  }

  String architectureName() {
    return ARCHITECTURES.getOrDefault(header.architecture(), "number " + header.architecture());
  }

  String compressionName() {
    return COMPRESSIONS.getOrDefault(header.compression(), "number " + header.compression());
  }

  String typeName() {
    for (Type type : Type.values()) {
      if (type.number() == header.type()) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      }
    }
    return "number " + header.type();
  }

  private static String hex(int value) {
    return "0x%08x".formatted(value);
  }
}
