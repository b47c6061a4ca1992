package dev.bringup.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The 64 byte little-endian header of an arm64 boot image (Linux,
 * Documentation/arch/arm64/booting.rst); Xen carries the same.
 *
 * @param fileSize size of the file in bytes
 * @param textOffset bytes from a 2 MiB boundary at which the image wants to lie
 * @param imageSize memory that it uses from its load address, in bytes; 0 in kernels before 3.17
 * @param flags bit 0 big endian, bits 1-2 page size, bit 3 may lie anywhere in memory
 * @param efiStub whether it begins like an EFI program ("MZ")
 * @param program what it is by the texts inside it
 */
public record Arm64Image(
    long fileSize, long textOffset, long imageSize, long flags, boolean efiStub, Program program) {
  /** Programs that use this header. */
  public enum Program {
    LINUX("Linux"),
    XEN("Xen"),
    UNKNOWN("unknown");

    private final String text;

    Program(String text) {
      this.text = text;
    }

    /** The name that people know it by. */
    public String text() {
      return text;
    }
  }

  /** "ARM" and 0x64 at offset 56, read as a little-endian word. */
  static final int MAGIC = 0x644d5241;

  /** Offset of {@link #MAGIC}. */
  static final int MAGIC_OFFSET = 56;

  /** Kernels are placed at multiples of this. */
  public static final long ALIGNMENT = 2L << 20;

  /** What U-Boot's booti assumes for an image that states no size. */
  private static final long ASSUMED_SIZE = 16L << 20;

  static final int HEADER_SIZE = 64;

  /**
   * Reads the header.
   *
   * @param image the whole file, uncompressed
   * @throws ImageFormatException if it is too short or the magic number is missing
   */
  public static Arm64Image read(byte[] image) {
    return header(image, image.length, program(image));
  }

  /**
   * Reads the header only: what program it is stays unknown, because telling that takes a look at
   * the whole file.
   *
   * @param beginning of the file, at least the header
   * @param size of the whole file in bytes
   * @throws ImageFormatException if it is too short or the magic number is missing
   */
  static Arm64Image header(byte[] beginning, long size) {
    return header(beginning, size, Program.UNKNOWN);
  }

  private static Arm64Image header(byte[] image, long size, Program program) {
    ImageBytes in = new ImageBytes("arm64 Image", image);
    in.need(0, HEADER_SIZE, "the header");
    int magic = in.le32(MAGIC_OFFSET, "");
    if (magic != MAGIC) {
      throw in.wrong(
          MAGIC_OFFSET, "wrong magic number 0x%08x".formatted(magic), "0x644d5241 (\"ARM\\x64\")");
    }
    return new Arm64Image(
        size,
        in.le64(8, ""),
        in.le64(16, ""),
        in.le64(24, ""),
        image[0] == 'M' && image[1] == 'Z',
        program);
  }

  /** Whether these bytes carry the magic number. */
  static boolean matches(byte[] image) {
    return image.length >= HEADER_SIZE && new ImageBytes("", image).le32(MAGIC_OFFSET, "") == MAGIC;
  }

  /**
   * Bytes of memory from the load address that must be left to it: the larger of file and stated
   * size, because zero-initialised data lie behind the file.
   */
  public long effectiveSize() {
    return Math.max(fileSize, imageSize == 0 ? ASSUMED_SIZE : imageSize);
  }

  /** Whether flags bit 3 lets it lie at any 2 MiB boundary. */
  public boolean placeableAnywhere() {
    return (flags & 8) != 0;
  }

  /** Size of the kernel's pages: 4K, 16K, 64K or unspecified. */
  public String pageSize() {
    return switch ((int) (flags >> 1) & 3) {
      case 1 -> "4K";
      case 2 -> "16K";
      case 3 -> "64K";
      default -> "unspecified";
    };
  }

  /**
   * What U-Boot's booti, or the kernel's own rules, would do with it that people do not expect, one
   * line each (U-Boot, arch/arm/lib/image.c).
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (imageSize == 0) {
      problems.add("no image size stated: booti assumes 16 MiB and a text offset of 0x80000");
    } else if (imageSize < 0 || imageSize > 1L << 32) {
      problems.add("image size 0x%x is not credible; want at most 4 GiB".formatted(imageSize));
    } else if (fileSize > imageSize) {
      problems.add(
          "file of %d bytes is larger than its stated image size %d; booti moves and clears only"
                  .formatted(fileSize, imageSize)
              + " the latter");
    }
    if (textOffset < 0 || textOffset >= ALIGNMENT) {
      problems.add("text offset 0x%x; want less than 2 MiB".formatted(textOffset));
    }
    if (!placeableAnywhere()) {
      problems.add("flag bit 3 is not set: booti moves it to the start of RAM");
    }
    if ((flags & 1) != 0) {
      problems.add("the kernel is big endian; U-Boot and Xen for arm64 are little endian");
    }
    return problems;
  }

  /**
   * Where booti will put an image that was loaded at an address; a different one means that it is
   * copied ("Moving Image from").
   *
   * @param loadAddress where the file was loaded
   * @param ramStart start of the first bank of RAM
   */
  public long bootiTarget(long loadAddress, long ramStart) {
    long offset = imageSize == 0 ? 0x80000 : textOffset;
    long base = placeableAnywhere() ? loadAddress - offset : ramStart;
    return ((base + ALIGNMENT - 1) & -ALIGNMENT) + offset;
  }

  // The header does not tell. Linux as a Xen guest contains "Xen version not found", so only the
  // format of Xen's own banner counts.
  private static Program program(byte[] image) {
    if (contains(image, "Xen version %d.%d")) {
      return Program.XEN;
    }
    return contains(image, "Linux version ") ? Program.LINUX : Program.UNKNOWN;
  }

  private static boolean contains(byte[] image, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + wanted.length <= image.length; at++) {
      if (image[at] == wanted[0]
          && Arrays.equals(image, at, at + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }
}
